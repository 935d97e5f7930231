#include "tests/http/site/reading_room.h"

#include <fstream>

#include "files/digest.h"
#include "sql/material_store.h"

namespace narada::testing {

std::string address_of(domain::MaterialId material, const std::string& part) {
  return "/materialy/" + std::to_string(material.value) + part;
}

domain::ContentDigest ReadingRoom::store(const std::string& content, const Sheet& sheet) {
  const auto path = files_.path() / "content";
  std::ofstream(path, std::ios::binary) << content;
  const auto digest = files::digest_of(path);
  site_.world().blobs().put(digest, path);
  site_.world().pool().transact([&](storage::Connection& connection) {
    connection.execute(
        "INSERT IGNORE INTO stored_file (digest, size, state, facts, created_at) VALUES (?, ?, ?, "
        "?, '2027-01-04')",
        {digest.hex, static_cast<std::int64_t>(content.size()), sheet.state,
         R"({"media_type":")" + sheet.media_type + R"("})"});
  });
  return digest;
}

void ReadingRoom::add_version(domain::MaterialId material, const Sheet& sheet,
                              const std::string& note) {
  const auto digest = store(sheet.content, sheet);
  const auto thumbnail =
      sheet.has_thumbnail ? store("\xFF\xD8\xFF mała " + sheet.content, sheet) : digest;
  site_.world().pool().transact([&](storage::Connection& connection) {
    if (sheet.has_thumbnail)
      connection.execute("UPDATE stored_file SET thumbnail = ? WHERE digest = ?",
                         {thumbnail.hex, digest.hex});
    storage::NewMaterialVersion version;
    version.material = material;
    version.digest = digest;
    version.file_name = sheet.file_name;
    version.size = static_cast<std::int64_t>(sheet.content.size());
    version.note = note;
    storage::insert_material_version(connection, version, site_.world().clock().now());
  });
}

domain::MaterialId ReadingRoom::add(const domain::MaterialOwner& owner, const Sheet& sheet) {
  domain::Material material;
  material.owner = owner;
  material.title = sheet.title;
  material.kind = sheet.kind;
  material.access = sheet.access;
  material.available_from = sheet.available_from;
  material.section = sheet.section;
  material.alt_text = "Opis zdjęcia " + sheet.title;
  const auto id = site_.world().pool().transact([&](storage::Connection& connection) {
    return storage::insert_material(connection, material, site_.world().clock().now());
  });
  add_version(id, sheet, "");
  return id;
}

}  // namespace narada::testing
