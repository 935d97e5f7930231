#pragma once

#include <string>

#include "service/domain/expert.h"
#include "service/domain/material.h"
#include "service/domain/meeting.h"
#include "service/http/pages/page.h"

namespace narada::http::pages {

// JSON-LD as it stands inside a <script> element: '<', '>' and '&' are escaped.
std::string script_json(const web::View& data);

// schema.org Event as JSON-LD, safe inside a <script> element: '<', '>' and '&' are escaped.
std::string meeting_json_ld(const Page& page, const domain::Meeting& meeting);

// schema.org Person or Organization; `photo`: path of the picture, or empty.
std::string expert_json_ld(const Page& page, const domain::ExpertProfile& profile,
                           const std::string& photo);

// schema.org DigitalDocument, of one that everybody may read.
std::string material_json_ld(const Page& page, const domain::Material& material);

}  // namespace narada::http::pages
