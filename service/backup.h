#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "files/blob_store.h"
#include "service/domain/time.h"
#include "sql/pool.h"

// A whole installation in one file: the database at one moment and the files of its materials. A
// ZIP with database.sql, files/DIGEST and manifest.json. The secret key is not in it: who finds a
// backup must not be able to make links and sessions with it.
namespace narada {

struct BackupParts {
  storage::DatabaseAddress database;  // of the account that owns the tables
  storage::Pool* pool = nullptr;      // of the same database
  files::BlobStore* blobs = nullptr;
  std::filesystem::path scratch;  // directory for what is under way
  std::string secret_key;
  const domain::Clock* clock = nullptr;
};

// Why a backup cannot be written, or is not restored; one clear line.
class BackupError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct BackupReport {
  std::int64_t files = 0;
  std::uint64_t octets = 0;          // of files
  std::vector<std::string> missing;  // named by the database, but not in the store
  std::vector<std::string>
      damaged;  // in the store, but not what was stored; left out when restored
  // "material 7, version 2": had come, but not got to the store when the database was dumped.
  std::vector<std::string> incomplete;
};
// Other processes go on meanwhile. Nothing is at `file` before all of it is. Throws BackupError,
// storage::Error, files::BlobStoreError, files::ArchiveError.
BackupReport write_backup(const BackupParts& parts, const std::filesystem::path& file);

struct RestoreOptions {
  bool over_other = false;  // what the database holds is replaced
  bool other_key = false;   // the installation keeps its own secret key
};
// Everything is read and compared before anything is changed; then files, then the database, which
// is migrated to the program's version. All mail is paused afterwards. No other process may use the
// database meanwhile. Files that the backup does not have, and the store neither, are lost from then
// on, and their pages say so. Throws as write_backup does.
BackupReport restore_backup(const BackupParts& parts, const std::filesystem::path& file,
                            const RestoreOptions& options);

}  // namespace narada
