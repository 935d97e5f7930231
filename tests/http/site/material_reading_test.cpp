// Materials as they are read: pages, files as browsers get them, pictures and archives.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/meetings/cycles.h"
#include "tests/http/site/reading_room.h"

using namespace narada;
using namespace narada::testing;

namespace {

std::string list_of(const domain::Meeting& meeting) {
  return "/spotkania/" + meeting.slug + "/materialy";
}

}  // namespace

TEST_CASE("a file is handed out as what the inspection says, and never as a page of ours") {
  struct Row {
    std::string media_type, file_name;
    std::string disposition, policy;
  };
  const std::string sandbox = "sandbox; default-src 'none'";
  const std::vector<Row> rows = {
      {"application/pdf", "Zażółć \"gęślą\".pdf",
       "inline; filename=\"Zazolc _gesla_.pdf\"; "
       "filename*=UTF-8''Zażółć \"gęślą\".pdf",  // the client decodes it
       "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"},
      {"image/png", "a.png", "inline; filename=\"a.png\"", sandbox},
      {"image/svg+xml", "a.svg", "attachment; filename=\"a.svg\"", sandbox},
      {"text/html", "a.html", "attachment; filename=\"a.html\"", sandbox},
      {"application/zip", "../../a.zip", "attachment; filename=\".._.._a.zip\"", sandbox},
      {"text/plain", "\u202Efdp.exe", "attachment; filename=\"fdp.exe.txt\"", sandbox},
  };
  ReadingRoom room;
  const auto meeting = room.site().world().publish();
  auto visitor = room.site().visitor();
  for (const auto& row : rows) {
    CAPTURE(row.file_name);
    ReadingRoom::Sheet sheet;
    sheet.media_type = row.media_type;
    sheet.file_name = row.file_name;
    sheet.content = "treść " + row.file_name;
    const auto id = room.add(meeting.id, sheet);
    const auto newest = visitor.get(address_of(id, "/plik"));
    CHECK(newest.status == 302);
    const auto shown = visitor.get(newest.header("Location"));
    CHECK(shown.status == 200);
    CHECK(shown.html == sheet.content);
    CHECK(shown.header("Content-Type") == row.media_type);
    CHECK(shown.header("Content-Disposition") == row.disposition);
    CHECK(shown.header("Content-Security-Policy") == row.policy);
    CHECK(shown.header("X-Content-Type-Options") == "nosniff");
    CHECK(shown.header("Cross-Origin-Resource-Policy") == "same-origin");
    CHECK(shown.header("Cache-Control") == "public, max-age=300");
    CHECK(shown.header("Accept-Ranges") == "bytes");
  }
}

TEST_CASE("a download that broke goes on where it broke, while the file is the same") {
  ReadingRoom room;
  const auto meeting = room.site().world().publish();
  ReadingRoom::Sheet sheet;
  sheet.content = "0123456789";
  const auto id = room.add(meeting.id, sheet);
  auto visitor = room.site().visitor();
  const auto path = address_of(id, "/1/x.pdf");
  const auto whole = visitor.get(path);
  const auto tag = whole.header("ETag");
  const auto date = whole.header("Last-Modified");
  CHECK(tag.size() == 66);
  CHECK(date == "Mon, 04 Jan 2027 09:00:00 GMT");
  struct Row {
    httplib::Headers asked;
    int status;
    std::string body, content_range;
  };
  const std::vector<Row> rows = {
      {{{"Range", "bytes=4-"}}, 206, "456789", "bytes 4-9/10"},
      {{{"Range", "bytes=-2"}}, 206, "89", "bytes 8-9/10"},
      {{{"Range", "bytes=4-"}, {"If-Range", tag}}, 206, "456789", "bytes 4-9/10"},
      {{{"Range", "bytes=4-"}, {"If-Range", "\"x\""}}, 200, "0123456789", ""},
      {{{"Range", "bytes=4-"}, {"If-Range", "W/" + tag}}, 200, "0123456789", ""},
      {{{"Range", "bytes=10-"}}, 416, "", "bytes */10"},
      {{{"If-None-Match", tag}, {"Connection", "close"}}, 304, "", ""},
      {{{"If-None-Match", "\"x\""}}, 200, "0123456789", ""},
      {{{"If-Modified-Since", date}, {"Connection", "close"}}, 304, "", ""},
      {{{"If-Modified-Since", date}, {"If-None-Match", "\"x\""}}, 200, "0123456789", ""},
  };
  for (const auto& row : rows) {
    const auto shown = visitor.get(path, row.asked);
    CHECK(shown.status == row.status);
    CHECK(shown.html == row.body);
    CHECK(shown.header("Content-Range") == row.content_range);
  }
}

TEST_CASE("the page of a material tells its versions, and an old file which is the new one") {
  ReadingRoom room;
  const auto meeting = room.site().world().publish();
  ReadingRoom::Sheet sheet;
  sheet.content = "pierwsza";
  const auto id = room.add(meeting.id, sheet);
  sheet.content = "druga";
  sheet.file_name = "karta-2.pdf";
  room.add_version(id, sheet, "Poprawione zadanie 3");
  auto visitor = room.site().visitor();
  const auto page = visitor.get(address_of(id));
  CHECK(page.status == 200);
  CHECK(page.title() == "Karta pracy – Narada");
  CHECK(page.has("Poprawione zadanie 3"));
  CHECK(page.has("2 (aktualna)"));
  CHECK(page.has("1 (starsza)"));
  CHECK(page.has("\"DigitalDocument\""));
  CHECK(page.has("Karta pracy, wersja 2. W: " + meeting.title));
  CHECK(visitor.get(address_of(id, "-karta-pracy")).header("Location") == address_of(id));
  CHECK(visitor.get("/en" + address_of(id)).has("2 (current)"));
  CHECK(visitor.get(address_of(id, "/plik")).header("Location") ==
        address_of(id, "/2/karta-2.pdf"));
  const auto old = visitor.get(address_of(id, "/1/stara.pdf"));
  CHECK(old.html == "pierwsza");
  CHECK(old.header("Link").ends_with(address_of(id, "/2/karta-2.pdf") + ">; rel=\"canonical\""));
  CHECK(visitor.get(address_of(id, "/2/karta-2.pdf")).header("Link").empty());
  for (const auto* part : {"0", "x", "-1", "1x", "01", "99999999999999999999"})
    CHECK(visitor.get("/materialy/" + std::string(part)).status == 404);
  for (const auto* part : {"/0/a", "/01/a", "/x/a", "/3/a", "/99999999999/a", "/1"})
    CHECK(visitor.get(address_of(id, part)).status == 404);
}

TEST_CASE("pages of meetings lead to their materials, and photos open larger by links alone") {
  ReadingRoom room;
  const auto meeting = room.site().world().publish();
  ReadingRoom::Sheet sheet;
  sheet.section = "Galeria";
  sheet.kind = domain::MaterialKind::photo;
  sheet.media_type = "image/jpeg";
  for (const auto* name : {"Sala", "Warsztat"}) {
    sheet.title = name;
    sheet.content = std::string("obraz ") + name;
    sheet.has_thumbnail = true;
    room.add(meeting.id, sheet);
  }
  auto visitor = room.site().visitor();
  const auto meeting_page = visitor.get("/spotkania/" + meeting.slug);
  CHECK(meeting_page.has("Zobacz wszystkie 2 materiały"));
  CHECK(meeting_page.has("href=\"" + list_of(meeting) + "\""));
  const auto page = visitor.get(list_of(meeting));
  CHECK(page.has("alt=\"Opis zdjęcia Sala\""));
  CHECK(page.has("href=\"#zdjecie-2\" data-next"));
  CHECK(page.has("href=\"#zdjecie-1\" data-previous"));
  CHECK(page.has("id=\"zdjecie-2\""));
  CHECK(visitor.get("/materialy/1/1/zdjecie").html == "obraz Sala");
  CHECK(visitor.get("/materialy/1/1/miniatura").header("Content-Type") == "image/jpeg");
}

TEST_CASE("what lies ahead or is for participants says so, and how to get in") {
  ReadingRoom room;
  const auto meeting = room.site().world().publish();
  ReadingRoom::Sheet sheet;
  sheet.access = domain::MaterialAccess::participants;
  const auto inner = room.add(meeting.id, sheet);
  sheet.access = domain::MaterialAccess::everybody;
  sheet.available_from = room.site().world().clock().now() + std::chrono::hours(48);
  sheet.content = "później";
  room.add(meeting.id, sheet);
  auto visitor = room.site().visitor();
  const auto page = visitor.get(list_of(meeting));
  CHECK(page.has("Tylko dla uczestników"));
  CHECK(page.has("Dostępny od 6 stycznia 2027, godz. 10:00"));
  CHECK(page.has("href=\"/spotkania/" + meeting.slug + "/zapisy\""));
  CHECK(page.has("/wejscie?dalej="));
  const auto registered = room.site().world().enter(meeting.id, 1);
  const auto base = "/z/" + registered.manage_url.substr(registered.manage_url.rfind('/') + 1);
  CHECK(visitor.get(base).has("href=\"" + base + "/materialy\""));
  const auto own = visitor.get(base + "/materialy");
  CHECK(own.has("href=\"" + base + address_of(inner, "/1/")));
  CHECK(own.header("Cache-Control") == "no-store");
  const auto file = visitor.get(base + address_of(inner, "/1/x.pdf"));
  CHECK(file.status == 200);
  CHECK(file.header("Cache-Control") == "no-store");
  CHECK(room.site().world().count("material_taken") == 1);
  visitor.get(base + address_of(inner, "/1/x.pdf"), {{"Range", "bytes=3-"}});
  CHECK(room.site().world().count("material_taken") == 1);
}

TEST_CASE("an archive of a meeting is the same whole or in parts, and holds safe names") {
  ReadingRoom room;
  const auto meeting = room.site().world().publish();
  ReadingRoom::Sheet sheet;
  for (const auto* name : {"../karta.pdf", "Karta.pdf", "karta.pdf"}) {
    sheet.file_name = name;
    sheet.section = "Część 1/2";
    sheet.content = std::string("treść ") + (name + 3);
    room.add(meeting.id, sheet);
  }
  auto visitor = room.site().visitor();
  const auto path = list_of(meeting) + ".zip";
  const auto whole = visitor.get(path);
  CHECK(whole.status == 200);
  CHECK(whole.header("Content-Type") == "application/zip");
  CHECK(whole.header("Content-Disposition") ==
        "attachment; filename=\"" + meeting.slug + "-materialy.zip\"");
  for (const auto* name :
       {"Część 1_2/_karta.pdf", "Część 1_2/Karta.pdf", "Część 1_2/karta (2).pdf", "CZYTAJ.txt"})
    CHECK(whole.has(name));
  CHECK_FALSE(whole.has("../"));
  std::string parts;
  const auto tag = whole.header("ETag");
  for (std::size_t at = 0; at < whole.html.size(); at += 97)
    parts +=
        visitor.get(path, {{"Range", fmt::format("bytes={}-{}", at, at + 96)}, {"If-Range", tag}})
            .html;
  CHECK(parts == whole.html);
  CHECK(visitor.get(path, {{"If-None-Match", tag}, {"Connection", "close"}}).status == 304);
  room.add(meeting.id, {});
  CHECK(visitor.get(path).header("ETag") != tag);
}

TEST_CASE("a cycle's archive holds its own files and those of its meetings, each in its folder") {
  ReadingRoom room;
  auto& world = room.site().world();
  usecases::CycleForm cycle_form;
  cycle_form.title = "Cykl o wodzie";
  const auto made =
      usecases::create_cycle(room.site().environment(), world.organizer(), cycle_form);
  REQUIRE(made.ok());
  const auto cycle =
      *usecases::publish_cycle(room.site().environment(), world.organizer(), made->id);
  std::vector<domain::Meeting> meetings;
  for (const int session : {1, 2}) {
    auto form = world.meeting_form();
    form.title = "Warsztat " + std::to_string(session);
    form.cycle = cycle.slug;
    form.session_number = session;
    meetings.push_back(world.publish(form));
  }
  const auto add = [&](const domain::MaterialOwner& owner, const std::string& name,
                       domain::MaterialAccess access) {
    ReadingRoom::Sheet sheet;
    sheet.file_name = name;
    sheet.content = "treść " + name;
    sheet.access = access;
    room.add(owner, sheet);
  };
  add(cycle.id, "program.pdf", domain::MaterialAccess::everybody);
  add(meetings[0].id, "pierwsze.pdf", domain::MaterialAccess::everybody);
  add(meetings[1].id, "drugie.pdf", domain::MaterialAccess::everybody);
  add(meetings[1].id, "tylko-uczestnicy.pdf", domain::MaterialAccess::participants);
  auto visitor = room.site().visitor();
  const auto page = visitor.get("/cykle/" + cycle.slug + "/materialy");
  CHECK(page.has("href=\"/cykle/" + cycle.slug + "/materialy.zip\""));
  CHECK(page.has("href=\"/spotkania/" + meetings[1].slug + "/materialy\""));
  CHECK(page.has("(2 materiały)"));
  const auto archive = visitor.get("/cykle/" + cycle.slug + "/materialy.zip");
  CHECK(archive.status == 200);
  CHECK(archive.header("Content-Disposition") ==
        "attachment; filename=\"" + cycle.slug + "-materialy.zip\"");
  for (const auto& name : {std::string("program.pdf"), "1. " + meetings[0].title + "/pierwsze.pdf",
                           "2. " + meetings[1].title + "/drugie.pdf", std::string("CZYTAJ.txt")})
    CHECK(archive.has(name));
  CHECK_FALSE(archive.has("tylko-uczestnicy"));
}

TEST_CASE("the start page lists what everybody may open, the newest first, and no photos") {
  ReadingRoom room;
  auto& world = room.site().world();
  const auto meeting = world.publish();
  const auto add = [&](const std::string& title, domain::MaterialAccess access, int hours,
                       const std::string& state, domain::MaterialKind kind) {
    ReadingRoom::Sheet sheet;
    sheet.title = title;
    sheet.content = "treść " + title;
    sheet.access = access;
    sheet.state = state;
    sheet.kind = kind;
    if (hours != 0) sheet.available_from = world.clock().now() + std::chrono::hours(hours);
    room.add(meeting.id, sheet);
  };
  using domain::MaterialAccess;
  using domain::MaterialKind;
  auto visitor = room.site().visitor();
  CHECK_FALSE(visitor.get("/").has("Najnowsze materiały"));
  add("Pierwszy", MaterialAccess::everybody, 0, "ready", MaterialKind::handbook);
  add("Dla uczestników", MaterialAccess::participants, 0, "ready", MaterialKind::handbook);
  add("Wewnętrzny", MaterialAccess::organizers, 0, "ready", MaterialKind::handbook);
  add("Jutrzejszy", MaterialAccess::everybody, 24, "ready", MaterialKind::handbook);
  add("Czekający", MaterialAccess::everybody, 0, "waiting", MaterialKind::handbook);
  add("Fotografia", MaterialAccess::everybody, 0, "ready", MaterialKind::photo);
  add("Drugi", MaterialAccess::everybody, -24, "ready", MaterialKind::report);
  usecases::note_catalogue_write(room.site().environment());
  const auto page = visitor.get("/");
  CHECK(page.has("Najnowsze materiały"));
  CHECK(page.html.find(">Drugi</a>") < page.html.find(">Pierwszy</a>"));
  CHECK(page.has(">Pierwszy</a>"));
  for (const auto* title :
       {"Dla uczestników", "Wewnętrzny", "Jutrzejszy", "Czekający", "Fotografia"})
    CHECK_FALSE(page.has(std::string(">") + title + "</a>"));
}
