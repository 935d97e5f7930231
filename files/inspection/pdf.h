#pragma once

#include <gd.h>

#include "files/inspection/subject.h"

namespace narada::files::inspection {

// Refuses damaged, encrypted, bomb, and forbidden_type for what runs when the document is opened
// or used: JavaScript, XFA forms, programs that are launched or attached, rich media.
Findings examine_pdf(const Subject& subject, const domain::FileType& type);
// The first page, `width` pixels wide; absent: it cannot be drawn. The caller destroys it.
gdImagePtr draw_first_page(const Subject& subject, int width);

}  // namespace narada::files::inspection
