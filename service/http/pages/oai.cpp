// Harvesting by libraries and national bases: OAI-PMH 2.0 at /oai.

#include <fmt/format.h>

#include "service/domain/practice.h"
#include "service/http/pages/oai_records.h"
#include "service/http/pages/oai_request.h"
#include "service/http/pages/pages.h"
#include "service/usecases/exchange/harvest.h"
#include "service/usecases/institutions/institutions.h"

namespace narada::http::pages {
namespace {

constexpr std::chrono::hours kTokenLife{24};
constexpr int kRecordsOnPage = 50;

struct Answer {
  std::string body;              // the element of the verb, or <error>
  bool echoes_arguments = true;  // false after badVerb and badArgument
};

Answer error_answer(const OaiError& error) {
  return {fmt::format("<error code=\"{}\">{}</error>\n", error.code, xml_text(error.text)),
          error.code != "badVerb" && error.code != "badArgument"};
}

class Harvest {
 public:
  Harvest(const Parts& parts, OaiArguments arguments)
      : parts_(parts),
        environment_(*parts.environment),
        arguments_(std::move(arguments)),
        site_{environment_.base_url, parts.run_by.name},
        now_(environment_.clock->now()) {}

  Response respond() const {
    const auto fault = find_oai_fault(arguments_);
    const auto answer = fault ? error_answer(*fault) : this->answer();
    std::string attributes;
    if (answer.echoes_arguments)
      for (const auto& [name, value] : arguments_)
        attributes += fmt::format(" {}=\"{}\"", name, xml_text(value));
    Response response;
    response.set("Content-Type", "text/xml; charset=utf-8");
    response.body = fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<OAI-PMH xmlns=\"http://www.openarchives.org/OAI/2.0/\""
        " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
        " xsi:schemaLocation=\"http://www.openarchives.org/OAI/2.0/"
        " http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd\">\n"
        "<responseDate>{}</responseDate>\n<request{}>{}</request>\n{}</OAI-PMH>\n",
        oai_time(now_), attributes, xml_text(site_.base + "/oai"), answer.body);
    return response;
  }

 private:
  Answer answer() const {
    const auto verb = oai_argument(arguments_, "verb");
    if (verb == "Identify") return {identify()};
    if (verb == "ListMetadataFormats") return list_formats();
    if (verb == "ListSets") return list_sets();
    if (verb == "GetRecord") return get_record();
    return list(verb);
  }

  std::string identify() const {
    const auto& email = parts_.run_by.email;
    return fmt::format(
        "<Identify>\n<repositoryName>{}</repositoryName>\n<baseURL>{}</baseURL>\n"
        "<protocolVersion>2.0</protocolVersion>\n<adminEmail>{}</adminEmail>\n"
        "<earliestDatestamp>{}</earliestDatestamp>\n<deletedRecord>persistent</deletedRecord>\n"
        "<granularity>YYYY-MM-DDThh:mm:ssZ</granularity>\n</Identify>\n",
        xml_text(site_.publisher.empty() ? "Narada" : site_.publisher),
        xml_text(site_.base + "/oai"), xml_text(email.empty() ? "nobody@narada.invalid" : email),
        oai_time(usecases::earliest_change(environment_)));
  }

  std::string format(std::string_view prefix, const std::string& schema,
                     std::string_view name) const {
    return fmt::format(
        "<metadataFormat>\n<metadataPrefix>{}</metadataPrefix>\n<schema>{}</schema>\n"
        "<metadataNamespace>{}</metadataNamespace>\n</metadataFormat>\n",
        prefix, xml_text(schema), name);
  }

  Answer list_formats() const {
    if (const auto identifier = oai_argument(arguments_, "identifier"); !identifier.empty())
      if (!find(identifier)) return unknown_identifier();
    return {"<ListMetadataFormats>\n" +
            format(kDublinCore, "http://www.openarchives.org/OAI/2.0/oai_dc.xsd",
                   "http://www.openarchives.org/OAI/2.0/oai_dc/") +
            format(kPracticeFormat, site_.base + "/oai/praktyka.xsd", kPracticeNamespace) +
            "</ListMetadataFormats>\n"};
  }

  Answer list_sets() const {
    if (!oai_argument(arguments_, "resumptionToken").empty())
      return error_answer({"badResumptionToken", "Sets come in one piece."});
    std::string sets = "<ListSets>\n";
    const auto add = [&](const std::string& spec, const std::string& name) {
      sets += fmt::format("<set>\n<setSpec>{}</setSpec>\n<setName>{}</setName>\n</set>\n",
                          xml_text(spec), xml_text(name));
    };
    const auto word = [&](const std::string& key) { return parts_.messages->text("pl", key); };
    add("topic", word("exchange.set_topics"));
    for (const auto& topic : usecases::list_topics(environment_))
      add("topic:" + topic.slug, topic.name);
    add("type", word("exchange.set_types"));
    for (const auto type : {domain::PracticeType::procedural, domain::PracticeType::investment,
                            domain::PracticeType::it, domain::PracticeType::social,
                            domain::PracticeType::organizational, domain::PracticeType::promotional,
                            domain::PracticeType::project}) {
      const std::string name(to_string(type));
      add("type:" + name, word("practice_type." + name));
    }
    return {sets + "</ListSets>\n"};
  }

  std::optional<domain::HarvestedPractice> find(const std::string& identifier) const {
    const auto id = find_oai_practice(site_, identifier);
    return id ? usecases::find_harvested(environment_, *id) : std::nullopt;
  }

  Answer unknown_identifier() const {
    return error_answer({"idDoesNotExist", "Nothing has this identifier here."});
  }
  static bool is_format(std::string_view prefix) {
    return prefix == kDublinCore || prefix == kPracticeFormat;
  }
  Answer unknown_format() const {
    return error_answer({"cannotDisseminateFormat", "Records do not come in this format."});
  }

  Answer get_record() const {
    const auto prefix = oai_argument(arguments_, "metadataPrefix");
    const auto practice = find(oai_argument(arguments_, "identifier"));
    if (!practice) return unknown_identifier();
    if (!is_format(prefix)) return unknown_format();
    return {"<GetRecord>\n" + write_oai_record(site_, *practice, prefix) + "</GetRecord>\n"};
  }

  Answer list(const std::string& verb) const {
    const auto parsed = parse_oai_listing(arguments_, now_);
    if (const auto* error = std::get_if<OaiError>(&parsed)) return error_answer(*error);
    auto listing = std::get<OaiListing>(parsed);
    if (!is_format(listing.prefix)) return unknown_format();
    listing.selection.limit = kRecordsOnPage;
    const auto page = usecases::load_harvest_page(environment_, listing.selection);
    if (page.practices.empty() && listing.cursor == 0)
      return error_answer({"noRecordsMatch", "Nothing changed in this time and set."});
    std::string body = "<" + verb + ">\n";
    for (const auto& practice : page.practices)
      body += verb == "ListRecords" ? write_oai_record(site_, practice, listing.prefix)
                                    : write_oai_header(site_, practice);
    // What was left changed since: nothing is left, and the list must not be empty.
    if (page.practices.empty())
      return error_answer({"badResumptionToken", "What was left has changed; begin again."});
    return {body + write_token(listing, page) + "</" + verb + ">\n"};
  }

  // An empty token ends a list of several pages; a list of one has none.
  std::string write_token(OaiListing listing, const usecases::HarvestPage& page) const {
    const auto cursor = listing.cursor;
    if (!page.more && cursor == 0) return "";
    const auto facts = fmt::format("completeListSize=\"{}\" cursor=\"{}\"", page.total, cursor);
    if (!page.more) return fmt::format("<resumptionToken {}/>\n", facts);
    const auto& last = page.practices.back();
    listing.selection.after = {last.changed_at, last.id};
    listing.cursor += static_cast<std::int64_t>(page.practices.size());
    const auto expires = now_ + kTokenLife;
    return fmt::format("<resumptionToken expirationDate=\"{}\" {}>{}</resumptionToken>\n",
                       oai_time(expires), facts, xml_text(write_oai_token(listing, expires)));
  }

  const Parts& parts_;
  const usecases::Environment& environment_;
  OaiArguments arguments_;
  OaiSite site_;
  domain::Instant now_;
};

Response answer_form(const Parts& parts, const Request& request) {
  if (!request.header("content-type").starts_with("application/x-www-form-urlencoded"))
    throw Error(415);
  auto form = parse_form(request.body);
  for (const auto& name : form.invalid) form.fields.emplace_back(name, "");
  return Harvest(parts, std::move(form.fields)).respond();
}

Response schema_response() {
  Response response;
  response.set("Content-Type", "application/xml; charset=utf-8");
  response.body = std::string(practice_schema());
  return response;
}

}  // namespace

void add_oai(Router& router, const Parts& parts) {
  router.add(
      Method::get, "/oai",
      [&parts](const Request& request) { return Harvest(parts, request.query).respond(); },
      shared_page());
  router.add(Method::post, "/oai",
             [&parts](const Request& request) { return answer_form(parts, request); });
  router.add(
      Method::get, "/oai/praktyka.xsd", [](const Request&) { return schema_response(); },
      shared_page());
}

}  // namespace narada::http::pages
