#pragma once

#include "files/inspection/archive.h"
#include "files/inspection/subject.h"

namespace narada::files::inspection {

// ZIP archives: OOXML, ODF, EPUB and plain ones. Refuses also mislabelled, when it is another
// document than `type` says.
Findings examine_zip(const Subject& subject, const domain::FileType& type);
// Compound files: .doc, .xls, .ppt. Refuses macros, encrypted, mislabelled, damaged.
Findings examine_old_office(const Subject& subject, const domain::FileType& type);
// Refuses forbidden_type for objects in it, which another program would open.
Findings examine_rich_text(const Subject& subject, const domain::FileType& type);

}  // namespace narada::files::inspection
