#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/content_digest.h"
#include "service/domain/time.h"
#include "service/usecases/environment.h"
#include "service/usecases/materials/material_contents.h"

namespace narada::usecases {

// One ZIP of many materials, which is sent without being made first (files/zip_layout.h).

struct ArchivedFile {
  std::string section;    // its folder; empty: none
  std::string file_name;  // as it came
  domain::ContentDigest digest;
  domain::WallTime modified{};
  std::string name = {};  // within the archive, by name_archived_files
};
// Names that every system can unpack: without what would lead out of the folder, each once, also
// where upper and lower case are the same. `taken`: of files that come besides.
void name_archived_files(std::vector<ArchivedFile>& files, const std::string& taken);

struct ArchivedContent {
  domain::ContentDigest digest;
  std::uint64_t size = 0;  // octets
};
// `text`, then the content, if any.
struct ArchivePiece {
  std::string text;
  std::optional<ArchivedContent> content;
};
struct Archive {
  std::string tag;  // changes with any octet of it
  std::vector<ArchivePiece> pieces;
};
// The note first, then the files. The inspection has computed their CRCs, so that no content is
// read but one from before it did so. Throws Unavailable when a file is not known or cannot be
// read.
Archive lay_out_archive(const Environment&, OpenContents&, const std::vector<ArchivedFile>& files,
                        const std::string& note_name, const std::string& note,
                        domain::WallTime note_modified);

}  // namespace narada::usecases
