#pragma once

#include "service/http/pages/page.h"
#include "service/usecases/meetings/publication.h"

namespace narada::http::pages {

// "Opublikuje się 12 stycznia 2027, 9:00", or why it was not; empty: it has no time.
std::string publication_text(const Page& page, const usecases::PublicationTime& time);

}  // namespace narada::http::pages
