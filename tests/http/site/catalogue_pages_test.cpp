// Lists, maps, feeds and files of what is published, as browsers and programs get them.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

#include "service/usecases/institutions/institutions.h"
#include "service/usecases/practices/practices.h"
#include "service/usecases/reads/page_reads.h"
#include "sql/pool.h"
#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;
using domain::Role;

namespace {

struct Shelf {
  WholeSite site;

  domain::PracticeId add(const std::string& title, const std::string& status = "published",
                         const std::string& topic = "") {
    usecases::PracticeForm form;
    form.title = title;
    form.lead = "Zajawka <b>" + title + "</b>.";
    form.type = domain::PracticeType::investment;
    form.topic = topic;
    form.implementation_year = 2024;
    form.institutions = {"2466011"};
    const auto draft =
        usecases::create_practice(site.environment(), site.world().organizer(), form);
    REQUIRE(draft.ok());
    run("UPDATE practice SET status = ?, published_at = '2027-01-01 10:00:00' WHERE id = ?",
        {status, draft->id});
    return draft->id;
  }
  void run(std::string_view sql, const std::vector<storage::Parameter>& parameters) {
    site.environment().pool->transact(
        [&](storage::Connection& connection) { connection.execute(sql, parameters); });
    site.environment().catalogue->note_write();
  }
  std::string add_topic(const std::string& name) {
    const auto topic =
        usecases::create_topic(site.environment(), site.world().organizer(), name, "Green");
    REQUIRE(topic.ok());
    return topic->slug;
  }
};

std::size_t count_of(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
    ++count;
  return count;
}

struct Xml {
  explicit Xml(const std::string& text)
      : document(xmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, nullptr,
                               XML_PARSE_NONET | XML_PARSE_NOERROR)) {}
  ~Xml() { xmlFreeDoc(document); }
  Xml(const Xml&) = delete;
  Xml& operator=(const Xml&) = delete;
  xmlDoc* document;
};

std::string name_of(const xmlNode* node) { return reinterpret_cast<const char*>(node->name); }

std::vector<const xmlNode*> children(const xmlNode* parent, const std::string& name) {
  std::vector<const xmlNode*> found;
  for (const xmlNode* node = parent->children; node != nullptr; node = node->next)
    if (node->type == XML_ELEMENT_NODE && name_of(node) == name) found.push_back(node);
  return found;
}

std::string text_of(const xmlNode* parent, const std::string& name) {
  const auto found = children(parent, name);
  if (found.size() != 1) return fmt::format("({} of {})", found.size(), name);
  xmlChar* content = xmlNodeGetContent(const_cast<xmlNode*>(found.front()));
  std::string text = reinterpret_cast<const char*>(content);
  xmlFree(content);
  return text;
}

std::string attribute(const xmlNode* node, const char* name) {
  xmlChar* value = xmlGetProp(const_cast<xmlNode*>(node), reinterpret_cast<const xmlChar*>(name));
  if (value == nullptr) return "";
  std::string text = reinterpret_cast<const char*>(value);
  xmlFree(value);
  return text;
}

bool is_absolute(const std::string& address) { return address.starts_with("http"); }

bool is_rfc3339(const std::string& text) {
  return text.size() == 25 && text[10] == 'T' && text.ends_with("+00:00");
}

// What RFC 4287 asks of a feed and feed validators complain about.
std::vector<std::string> faults_of_feed(const std::string& text) {
  const Xml xml(text);
  if (xml.document == nullptr) return {"not well-formed"};
  std::vector<std::string> faults;
  const auto check = [&](bool holds, const std::string& fault) {
    if (!holds) faults.push_back(fault);
  };
  const xmlNode* feed = xmlDocGetRootElement(xml.document);
  check(name_of(feed) == "feed" && feed->ns != nullptr &&
            std::string(reinterpret_cast<const char*>(feed->ns->href)) ==
                "http://www.w3.org/2005/Atom",
        "no feed of Atom");
  check(is_absolute(text_of(feed, "id")), "the id of the feed is no IRI");
  check(is_rfc3339(text_of(feed, "updated")), "no time of the feed");
  check(!text_of(feed, "title").empty(), "no title");
  check(children(feed, "author").size() == 1, "no author");
  bool has_self = false;
  for (const auto* link : children(feed, "link"))
    has_self =
        has_self || (attribute(link, "rel") == "self" && is_absolute(attribute(link, "href")));
  check(has_self, "no link to itself");
  std::set<std::string> ids;
  for (const auto* entry : children(feed, "entry")) {
    check(is_absolute(text_of(entry, "id")), "an id is no IRI");
    check(ids.insert(text_of(entry, "id")).second, "two entries of one id");
    check(is_rfc3339(text_of(entry, "updated")), "an entry without a time");
    check(text_of(entry, "updated") <= text_of(feed, "updated"), "an entry newer than the feed");
    check(!text_of(entry, "title").empty(), "an entry without a title");
    check(children(entry, "link").size() == 1, "an entry without its page");
  }
  return faults;
}

}  // namespace

TEST_CASE("readers narrow the practices down, and see how many each choice gives") {
  Shelf shelf;
  const auto topic = shelf.add_topic("Zieleń");
  shelf.add("Łąka kwietna", "published", topic);
  shelf.add("Cyfrowy urząd");
  auto visitor = shelf.site.visitor();
  const auto all = visitor.get("/praktyki");
  CHECK(all.has("2 praktyki"));
  CHECK(all.has("<option value=\"zielen\">Zieleń (1)</option>"));
  CHECK(all.has("<option value=\"2024\">2024 (2)</option>"));
  CHECK(all.has("<option value=\"investment\">inwestycyjna (2)</option>"));
  const auto narrowed = visitor.get("/praktyki?temat=zielen&typ=investment&nonsens=1");
  CHECK(narrowed.has("1 praktyka"));
  CHECK(narrowed.has("Łąka kwietna"));
  CHECK_FALSE(narrowed.has("Cyfrowy urząd"));
  CHECK(narrowed.has("href=\"/praktyki.atom?typ=investment&amp;temat=zielen\""));
  CHECK(narrowed.has("href=\"/praktyki/mapa?typ=investment&amp;temat=zielen\""));
  CHECK(visitor.get("/praktyki?rok=1999").has("Nie ma praktyk, które pasują do filtrów."));
  CHECK(visitor.get("/en/praktyki?temat=zielen").has("Green (1)"));
}

TEST_CASE("the list has pages, and what editors feature stands first") {
  Shelf shelf;
  for (int i = 0; i < 31; ++i) shelf.add(fmt::format("Praktyka {}", i));
  shelf.run("UPDATE practice SET featured_at = '2027-01-01' WHERE title = 'Praktyka 0'", {});
  auto visitor = shelf.site.visitor();
  const auto first = visitor.get("/praktyki");
  CHECK(first.has("Wyróżnione praktyki"));
  CHECK(first.has("Strona 1 z 2"));
  CHECK(first.has("href=\"/praktyki?strona=2\""));
  CHECK_FALSE(first.has("rel=\"prev\""));
  const auto second = visitor.get("/praktyki?strona=2");
  CHECK(second.has("href=\"/praktyki\" rel=\"prev\""));
  CHECK_FALSE(second.has("rel=\"next\""));
  CHECK(count_of(second.html, "/praktyki/praktyka-") == 1);
  CHECK(visitor.get("/").has("Wyróżnione praktyki"));
}

TEST_CASE("what is not published is on no page, feed, map or file for visitors") {
  Shelf shelf;
  const auto topic = shelf.add_topic("Zieleń");
  const auto id = shelf.add("Ukryty kanarek", "published", topic);
  const char* const paths[] = {"/",
                               "/praktyki",
                               "/praktyki?porzadek=most_read",
                               "/praktyki.atom",
                               "/praktyki/mapa",
                               "/widzet/praktyki",
                               "/tematy/zielen",
                               "/tematy/zielen.atom",
                               "/gminy/2466011-gliwice",
                               "/sitemap.xml",
                               "/sitemap-1.xml",
                               "/mapa-serwisu",
                               "/api/v1/practices",
                               "/api/v1/practices.geojson"};
  auto visitor = shelf.site.visitor();
  const auto shows = [&](const char* path) {
    const auto text = visitor.get(path).html;
    return text.find("kanarek") != std::string::npos ||
           (std::string(path) == "/praktyki/mapa" && text.find("1 praktyka") != std::string::npos);
  };
  for (const auto* path : paths) {
    CAPTURE(path);
    CHECK(shows(path));
  }
  for (const auto* status : {"draft", "submitted", "checked", "archived"}) {
    CAPTURE(status);
    shelf.run("UPDATE practice SET status = ? WHERE id = ?", {status, id});
    for (const auto* path : paths) {
      CAPTURE(path);
      CHECK_FALSE(shows(path));
    }
    CHECK(visitor.get("/tematy").has("Zieleń"));
    CHECK_FALSE(visitor.get("/tematy").has("1 praktyka"));
  }
}

TEST_CASE("each symbol of the map is a link with a name, and the list beside it says the same") {
  Shelf shelf;
  shelf.add("Łąka");
  shelf.run("UPDATE institution SET latitude = 50.29, longitude = 18.67 WHERE slug = 'gliwice'",
            {});
  auto visitor = shelf.site.visitor();
  const auto page = visitor.get("/praktyki/mapa");
  CHECK(page.has("aria-label=\"Gliwice: 1 praktyka\""));
  CHECK(count_of(page.html, "href=\"/praktyki?gmina=2466011\"") == 2);
  CHECK(page.has("role=\"group\""));
  CHECK_FALSE(page.has("tabindex=\"-1\""));
  CHECK(visitor.get("/praktyki/mapa?typ=it").has("Nic nie pasuje do filtrów"));
  CHECK(visitor.get("/kalendarz/mapa").status == 200);
  CHECK(visitor.get("/en/praktyki/mapa").has("Gliwice: 1 practice"));
}

TEST_CASE("feeds are what feed readers take, and an entry is new when it has changed") {
  Shelf shelf;
  const auto topic = shelf.add_topic("Zieleń");
  const auto id = shelf.add("Łąka & „rów” <script>", "published", topic);
  shelf.add("Autobus");
  shelf.site.world().publish(shelf.site.world().meeting_form());
  auto visitor = shelf.site.visitor();
  for (const auto* path :
       {"/praktyki.atom", "/en/praktyki.atom", "/praktyki.atom?typ=it",
        "/praktyki.atom?temat=zielen&nonsens=%22", "/tematy/zielen.atom", "/kanal.atom"}) {
    CAPTURE(path);
    CHECK(faults_of_feed(visitor.get(path).html) == std::vector<std::string>{});
  }
  CHECK(faults_of_feed("<feed/>").size() > 3);
  shelf.run("UPDATE practice SET updated_at = '2027-02-01 10:00:00' WHERE id = ?", {id});
  const auto changed = visitor.get("/praktyki.atom").html;
  CHECK(changed.find("2027-02-01T10:00:00+00:00") < changed.find("<entry>"));
  CHECK(count_of(changed, "<entry>") == 2);
  CHECK(changed.find("rów") < changed.find("Autobus"));
}

TEST_CASE("any site may frame the widget, and no other page") {
  Shelf shelf;
  shelf.add("Łąka");
  auto visitor = shelf.site.visitor();
  const auto widget = visitor.get("/widzet/praktyki?typ=investment");
  CHECK(widget.header("Content-Security-Policy").find("frame-ancestors *") != std::string::npos);
  CHECK(widget.header("Set-Cookie").empty());
  CHECK(widget.has("target=\"_top\""));
  CHECK(visitor.get("/praktyki").header("Content-Security-Policy").find("frame-ancestors 'none'") !=
        std::string::npos);
}

TEST_CASE("each public page names itself in both languages") {
  Shelf shelf;
  shelf.add("Łąka");
  auto visitor = shelf.site.visitor();
  const auto base = shelf.site.environment().base_url;
  for (const std::string path : {"/praktyki/laka", "/praktyki", "/tematy", "/dokumenty", "/"}) {
    const std::string english = path == "/" ? "/en/" : "/en" + path;
    for (const auto& asked : {path, english}) {
      CAPTURE(asked);
      const auto page = visitor.get(asked);
      CHECK(page.has("<link rel=\"canonical\" href=\"" + base + asked + "\">"));
      CHECK(page.has("hreflang=\"pl\" href=\"" + base + path + "\""));
      CHECK(page.has("hreflang=\"en\" href=\"" + base + english + "\""));
      CHECK(page.has("hreflang=\"x-default\" href=\"" + base + path + "\""));
    }
  }
}

TEST_CASE("the sitemap names every published page in both languages, and robots are told of it") {
  Shelf shelf;
  shelf.add("Łąka");
  auto visitor = shelf.site.visitor();
  const auto base = shelf.site.environment().base_url;
  const auto text = visitor.get("/sitemap.xml").html;
  const Xml xml(text);
  REQUIRE(xml.document != nullptr);
  for (const auto* path : {"/praktyki/laka", "/en/praktyki/laka", "/gminy/2466011-gliwice", "/"}) {
    CAPTURE(path);
    CHECK(text.find("<loc>" + base + path + "</loc>") != std::string::npos);
  }
  CHECK(visitor.get("/sitemap-2.xml").status == 404);
  CHECK(visitor.get("/robots.txt").html.find("Sitemap: " + base + "/sitemap.xml") !=
        std::string::npos);
}

TEST_CASE("a reading counts once it is a person's, and organizers see how many there were") {
  Shelf shelf;
  shelf.add("Łąka");
  auto organizer =
      shelf.site.browser_of(shelf.site.add_person("Olga Lis", {{Role::organizer, {}}}));
  CHECK(organizer.get("/panel/odczyty").has("W tym okresie nikt nie otwierał takich stron."));
  usecases::ReadCounter counter;
  counter.count(domain::ReadKind::practice, "laka", shelf.site.environment().clock->now());
  counter.count(domain::ReadKind::practice, "laka", shelf.site.environment().clock->now());
  usecases::save_page_reads(shelf.site.environment(), counter);
  const auto page = organizer.get("/panel/odczyty");
  CHECK(page.has("Łąka"));
  CHECK(page.has("<strong>2</strong>"));
  CHECK_FALSE(organizer.get("/panel/odczyty?rodzaj=meeting").has("Łąka"));
  const auto one = organizer.get("/panel/odczyty?rodzaj=practice&dni=30&id=1");
  CHECK(one.has("Odczyty: Łąka"));
  CHECK(one.has("styczeń 2027"));
  CHECK(shelf.site.visitor().get("/panel/odczyty").status == 303);
}
