// A material with one large file, and an organizer who may bring more.
//   narada_bench_materials DATABASE-URL DATA-DIRECTORY FILE    keeps FILE's content; prints JSON
//   with
//                                                              its address, a meeting's id and a
//                                                              token

#include <fmt/format.h>

#include <filesystem>
#include <iostream>

#include "files/digest.h"
#include "files/local_blobs.h"
#include "service/domain/time.h"
#include "service/usecases/environment.h"
#include "sql/material_store.h"
#include "sql/pool.h"

namespace {

using namespace narada;

std::string give_token(storage::Connection& connection, domain::Instant now) {
  const auto token = usecases::make_token();
  const auto person = connection.insert(
      "INSERT INTO person (full_name, email, name_key, email_key, created_at, updated_at, "
      "email_proved_at) VALUES ('Olga Plikowa', 'olga@files.example', 'olga plikowa', "
      "'olga@files.example', ?, ?, ?) RETURNING id",
      {now, now, now});
  connection.execute(
      "INSERT INTO person_role (person_id, role, granted_at) VALUES (?, 'organizer', ?)",
      {person, now});
  connection.execute(
      "INSERT INTO api_token (token_hash, name, role, person_id, access, created_at) VALUES (?, "
      "'bench', '', ?, 'write', ?)",
      {usecases::hash_token(token), person, now});
  return token;
}

domain::MaterialId add_material(storage::Connection& connection, domain::MeetingId meeting,
                                const domain::ContentDigest& digest, std::int64_t size,
                                domain::Instant now) {
  connection.execute(
      "INSERT INTO stored_file (digest, size, state, facts, created_at) VALUES (?, ?, 'ready', "
      "'{\"media_type\":\"application/zip\"}', ?)",
      {digest.hex, size, now});
  domain::Material material;
  material.owner = meeting;
  material.title = "Pomiar";
  const auto id = storage::insert_material(connection, material, now);
  storage::NewMaterialVersion version;
  version.material = id;
  version.digest = digest;
  version.file_name = "pomiar.zip";
  version.size = size;
  storage::insert_material_version(connection, version, now);
  return id;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: narada_bench_materials DATABASE-URL DATA-DIRECTORY FILE\n";
    return 2;
  }
  storage::Pool pool(storage::parse_database_address(argv[1]));
  const auto now = domain::SystemClock().now();
  const auto size = static_cast<std::int64_t>(std::filesystem::file_size(argv[3]));
  const auto digest = files::digest_of(argv[3]);
  files::LocalBlobs(std::filesystem::path(argv[2]) / "materials").put(digest, argv[3]);
  pool.transact([&](storage::Connection& connection) {
    const auto meeting =
        connection.query("SELECT MAX(id) FROM meeting WHERE status = 'published'")[0]
            .id<domain::MeetingId>(0);
    const auto id = add_material(connection, meeting, digest, size, now);
    const auto token = give_token(connection, now);
    fmt::print(
        "{{\"address\": \"/materialy/{}/1/pomiar.zip\", \"meeting\": {}, \"token\": \"{}\"}}\n",
        id.value, meeting.value, token);
  });
}
