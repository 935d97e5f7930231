#pragma once

#include <string>

#include "service/domain/meeting.h"
#include "service/http/pages/page.h"

namespace narada::testing {

// A page of "https://narada.example" with the service's own texts, at 4 January 2027, 09:00 UTC.
// It reaches neither database nor templates.
class PageOf {
 public:
  explicit PageOf(const std::string& path);
  const http::pages::Page& operator*() const { return page_; }

 private:
  http::Request request_;
  http::pages::Page page_;
};

// 21 January 2027, 9:30–15:30 in Warsaw, 40 places on site, published.
domain::Meeting sample_meeting();
// 2–3 December 2026 without hours.
domain::Meeting meeting_of_days();

}  // namespace narada::testing
