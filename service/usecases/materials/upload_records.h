#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "files/staged_file.h"
#include "service/usecases/materials/uploads.h"
#include "service/usecases/unavailable.h"
#include "sql/pool.h"
#include "sql/upload_store.h"

namespace narada::usecases {

// What the file of an upload with that key is called in the staging directory.
std::string staged_name(std::string_view key);
UploadRecord record_of(const storage::StoredUpload&);
bool is_over(const storage::StoredUpload&, domain::Instant now);  // gone, or its time is up

// An upload that receives, as it stands in file and row. The file ends where the row says, unless
// somebody holds it; what a process that died had not told anybody of is cut off. Absent: the file
// is lost, and the upload gone with it.
struct StagedUpload {
  storage::StoredUpload upload;
  std::optional<files::StagedFile> file;  // absent: somebody else holds it
};
std::optional<StagedUpload> find_staged_upload(const Environment&, const storage::StoredUpload&);

// A transaction of the background or of a piece. Throws Unavailable when the database is away.
template <class Work>
auto change_uploads(const Environment& environment, Work work) {
  try {
    return environment.pool->transact(std::move(work));
  } catch (const storage::CommitUnknown& error) {
    throw OutcomeUnknown(error.what());
  } catch (const storage::Unavailable& error) {
    throw Unavailable(error.what());
  }
}

}  // namespace narada::usecases
