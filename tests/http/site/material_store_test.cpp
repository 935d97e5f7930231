#include <doctest/doctest.h>

#include <fstream>

#include "files/digest.h"
#include "service/usecases/materials/scrub.h"
#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;
using domain::Role;

namespace {

void scrub(WholeSite& site) {
  usecases::Call call;
  call.actor.kind = usecases::Actor::Kind::system;
  const auto report = usecases::scrub_materials(site.environment(), call, "test", {});
  REQUIRE(describe(report) == "ok");
}

domain::ContentDigest store(WholeSite& site, const std::string& content) {
  const auto path = site.environment().uploads / "file";
  std::ofstream(path) << content;
  const auto digest = files::digest_of(path);
  site.world().blobs().put(digest, path);
  site.world().pool().transact([&](storage::Connection& connection) {
    return connection.execute(
        "INSERT INTO stored_file (digest, size, state, created_at) VALUES (?, ?, 'ready', ?)",
        {digest.hex, content.size(), site.world().clock().now()});
  });
  return digest;
}

}  // namespace

TEST_CASE("a file that the store has lost is told to admins and to machines") {
  WholeSite site;
  auto admin = site.browser_of(site.add_person("Ada Admin", {{Role::admin, {}}}));
  auto machine = site.visitor();
  const std::string path = "/panel/ustawienia/materialy";
  CHECK(admin.get(path).has("Jeszcze nie było. Pliki są sprawdzane raz w tygodniu."));
  CHECK(admin.get(path).has("Wolne miejsce na dysku"));
  const auto digest = store(site, "content");
  scrub(site);
  CHECK(admin.get(path).has("Sprawdzone pliki: 1. Wszystko się zgadza."));
  CHECK(machine.get("/readyz").html == R"({"status":"ready"})");
  site.world().blobs().remove(digest);
  scrub(site);
  CHECK(admin.get(path).has("Sprawdzone pliki: 1. Brakujące lub uszkodzone: 1."));
  CHECK(machine.get("/readyz").status == 200);
  CHECK(machine.get("/readyz").html == R"({"status":"degraded","trouble":"materials"})");
  CHECK(machine.get("/metrics").has("\nnarada_materials_missing 1\n"));
}
