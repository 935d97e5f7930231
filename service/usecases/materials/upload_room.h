#pragma once

#include <cstdint>
#include <optional>

#include "service/domain/material.h"
#include "service/domain/outcome.h"
#include "service/usecases/environment.h"
#include "sql/connection.h"

namespace narada::usecases {

// What an upload would take up.
struct WantedRoom {
  std::optional<domain::PersonId> person;  // who brings it
  domain::MaterialOwner owner;
  std::uint64_t size = 0;        // octets of the whole
  std::uint64_t received = 0;    // of them already in the staging directory
  domain::UploadId upload = {};  // 0: a new one
};
// Inside the transaction that gives the room away; one such transaction after the other. Empty:
// there is room. Otherwise one of "upload_too_large" {max}, "upload_quota_person",
// "upload_quota_owner", "upload_quota_installation" {left} and "upload_no_space".
domain::FieldErrors find_lack_of_room(storage::Connection&, const Environment&,
                                      domain::Language language, const WantedRoom&);

domain::FieldErrors too_large(std::uint64_t most, domain::Language language);

}  // namespace narada::usecases
