#pragma once

#include <vector>

#include "service/domain/public_document.h"
#include "service/http/pages/page.h"

namespace narada::http::pages {

// [{url, title, title_language, kind, facts, year, authors, description, owner, owner_url}] for
// pages/document_entry.
web::View document_views(const Page& page, const std::vector<domain::PublicDocument>& documents);

}  // namespace narada::http::pages
