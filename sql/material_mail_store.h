#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/material.h"
#include "sql/connection.h"

// Whom to tell of materials.
namespace narada::storage {

// Meetings and cycles, published, of which participants have not been told all that they may read:
// something that has neither been changed nor become available since `settled`. What a file says
// is decided by the caller.
std::vector<domain::MaterialOwner> list_untold_owners(Connection& connection, domain::Instant now,
                                                      domain::Instant settled, int limit);
// The confirmed and attended who can be reached and want to know; of a cycle one registration each,
// at its last meeting. In the order of their ids.
std::vector<domain::RegistrationId> list_participants_to_tell(Connection& connection,
                                                              const domain::MaterialOwner& owner);
void save_told(Connection& connection, const std::vector<domain::MaterialId>& materials,
               domain::Instant now);

// Somebody who has taken a version and not the newest one, which everybody with access gets since
// before `settled` and after `oldest`, and has not been told of it.
struct OutdatedReader {
  domain::PersonId person;
  domain::MaterialId material;
  int taken = 0;  // number of the newest that they have
};
std::vector<OutdatedReader> list_outdated_readers(Connection& connection, domain::Instant oldest,
                                                  domain::Instant settled, int limit);
// Their rows of the material, locked until the transaction ends. False: they were told since
// `before`, or have none any more.
bool lock_taken(Connection& connection, const OutdatedReader& reader, domain::Instant before);
void save_reader_told(Connection& connection, const OutdatedReader& reader, domain::Instant now);

// Somebody to write to. Absent: forgotten, or cannot be reached.
struct MaterialReaderAddress {
  domain::PersonId person;
  std::string full_name;
  std::string email;
  domain::Language language = domain::Language::pl;
};
std::optional<MaterialReaderAddress> find_reader_address(Connection& connection,
                                                         domain::PersonId person);

// Who brought a file with this content and has not been told that it is refused, or, of one that
// is inspected again, everybody who did; and for which materials.
struct BroughtFile {
  domain::PersonId person;
  std::string file_name;
  std::optional<domain::MaterialId> material;
  domain::MaterialOwner owner;
};
std::vector<BroughtFile> list_brought(Connection& connection, const domain::ContentDigest& digest);
// The same of the pictures of experts.
struct BroughtPhoto {
  domain::PersonId person;
  std::string expert;  // name
  std::string slug;
};
std::vector<BroughtPhoto> list_brought_photos(Connection& connection,
                                              const domain::ContentDigest& digest);
// Whoever both list is told now.
void save_refusal_told(Connection& connection, const domain::ContentDigest& digest);

// How a thing is called, and its address: "/spotkania/7-warsztat". The meeting that mails about it
// are of: itself, or the last published one of a cycle.
struct OwnerName {
  std::string title;
  std::string path;
  std::optional<domain::MeetingId> meeting;
};
OwnerName load_owner_name(Connection& connection, const domain::MaterialOwner& owner);

}  // namespace narada::storage
