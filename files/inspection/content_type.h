#pragma once

#include "files/inspection/subject.h"

namespace narada::files::inspection {

// What the content is, for the extension that the file came with: a harmless difference (a PNG
// called .jpg, a .doc that is RTF) is settled by the content. For ZIP archives it is what the name
// says, and whoever opens them finds out whether that is true. Refuses mislabelled, forbidden_type,
// macros, damaged.
const domain::FileType& decide_type(const Subject& subject);

}  // namespace narada::files::inspection
