// The chain as a list and as a picture: five columns of boxes with an arrow from each to the next.

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "calendar/zone.h"
#include "service/http/pages/results_views.h"
#include "service/http/pages/views.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using usecases::Chain;

// One thing of the chain.
struct Link {
  std::string title;
  std::string url;
  std::string date;
  std::string detail;
};
struct ChainStep {
  std::string name;
  std::vector<Link> links;
};

constexpr std::size_t kMostBoxes = 6;  // of a column of the picture; the list has all
constexpr int kColumn = 200, kGap = 36, kHead = 34, kBoxGap = 10, kLine = 16, kPadding = 10;
constexpr std::size_t kLineLength = 25;  // characters of 13 px in a column
constexpr std::size_t kMostLines = 3;

std::string day_of(const Page& page, domain::Instant at) {
  if (at == domain::Instant{}) return page.text("results.no_data");
  return web::day_date(page.language(), calendar::to_wall_time(at, domain::kDefaultZone));
}

std::string names_of(const std::vector<domain::InstitutionRef>& institutions) {
  std::string names;
  for (const auto& one : institutions) names += (names.empty() ? "" : ", ") + one.name;
  return names;
}

ChainStep challenge_step(const Page& page, const Chain& chain) {
  ChainStep step{page.text("chain.challenge"), {}};
  if (chain.cycle)
    step.links.push_back({chain.cycle->title, page.link("/cykle/" + chain.cycle->slug), "",
                          names_of(chain.cycle->owners)});
  return step;
}

ChainStep session_step(const Page& page, const Chain& chain) {
  ChainStep step{page.text("chain.sessions"), {}};
  for (const auto& session : chain.sessions)
    step.links.push_back({session.title, page.link("/spotkania/" + session.slug),
                          session.month_only ? web::month_year(page.language(), session.starts)
                                             : web::day_date(page.language(), session.starts),
                          session.presented ? page.text("chain.presented") : ""});
  return step;
}

ChainStep outcome_step(const Page& page, const Chain& chain) {
  ChainStep step{page.text("chain.outcomes"), {}};
  if (chain.problems.problems > 0) {
    Link link{
        page.text("results.problem_count", {{"count", std::int64_t{chain.problems.problems}}}), "",
        "", ""};
    if (chain.problems.prototyped > 0)
      link.detail =
          page.text("results.prototyped", {{"count", std::int64_t{chain.problems.prototyped}}});
    step.links.push_back(std::move(link));
  }
  for (const auto& entry : chain.outcomes) {
    Link link{entry.outcome.title, "", page.text("results.no_data"),
              word(page, "outcome_kind", to_string(entry.outcome.kind))};
    if (!entry.outcome.stages.empty()) {
      const auto& last = entry.outcome.stages.back();
      link.date = stage_date(page, last);
      link.detail = word(page, "outcome_stage", to_string(last.stage));
    }
    step.links.push_back(std::move(link));
  }
  return step;
}

ChainStep practice_step(const Page& page, const Chain& chain) {
  ChainStep step{page.text("chain.practice"), {}};
  for (const auto& practice : chain.practices)
    step.links.push_back({practice.title, page.link("/praktyki/" + practice.slug),
                          day_of(page, practice.published_at), names_of(practice.institutions)});
  return step;
}

ChainStep adoption_step(const Page& page, const Chain& chain) {
  ChainStep step{page.text("chain.adoptions"), {}};
  for (const auto& practice : chain.practices)
    for (const auto& entry : practice.adoptions)
      step.links.push_back({entry.adoption.institution.name,
                            page.link(institution_path(entry.adoption.institution)),
                            known_day(page, entry.adoption.since),
                            word(page, "adoption_status", to_string(entry.adoption.status))});
  return step;
}

// How many characters a text of UTF-8 has.
std::size_t length_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char octet) {
    return (static_cast<unsigned char>(octet) & 0xC0) != 0x80;
  }));
}

// The text in lines that fit a box; what is too long ends with "…".
std::vector<std::string> wrapped(const std::string& text, std::size_t most) {
  std::vector<std::string> lines;
  std::istringstream words(text);
  for (std::string next; words >> next;) {
    const bool fits =
        !lines.empty() && length_of(lines.back()) + 1 + length_of(next) <= kLineLength;
    if (fits) {
      lines.back() += ' ' + next;
    } else if (lines.size() == most) {
      lines.back() += "…";
      return lines;
    } else {
      lines.push_back(next);
    }
  }
  return lines;
}

// Draws one column and tells how far down it reaches.
class ColumnDrawing {
 public:
  ColumnDrawing(web::View& picture, int x) : picture_(picture), x_(x) {}

  void head(const std::string& name) {
    picture_["texts"].push_back(
        {{"x", std::to_string(x_)}, {"y", "20"}, {"look", "chain-head"}, {"text", name}});
  }
  void box(const Link& link, std::string_view look) {
    const auto title = wrapped(link.title, kMostLines);
    const auto detail = wrapped(link.detail, 1);
    const auto lines = static_cast<int>(title.size() + detail.size() + (link.date.empty() ? 0 : 1));
    const int height = lines * kLine + 2 * kPadding;
    picture_["boxes"].push_back({{"x", std::to_string(x_)},
                                 {"y", std::to_string(y_)},
                                 {"width", std::to_string(kColumn)},
                                 {"height", std::to_string(height)},
                                 {"look", look}});
    int line_y = y_ + kPadding + kLine - 4;
    const auto write = [&](const std::string& text, std::string_view line_look) {
      picture_["texts"].push_back({{"x", std::to_string(x_ + kPadding)},
                                   {"y", std::to_string(line_y)},
                                   {"look", line_look},
                                   {"text", text}});
      line_y += kLine;
    };
    for (const auto& line : title) write(line, "chain-title");
    for (const auto& line : detail) write(line, "chain-note");
    if (!link.date.empty()) write(link.date, "chain-note");
    y_ += height + kBoxGap;
  }
  int bottom() const { return y_; }

 private:
  web::View& picture_;
  int x_;
  int y_ = kHead;
};

web::View picture_of(const Page& page, const std::vector<ChainStep>& steps) {
  web::View picture = {
      {"boxes", web::View::array()}, {"texts", web::View::array()}, {"arrows", web::View::array()}};
  int x = 1, bottom = 0;
  for (std::size_t index = 0; index < steps.size(); ++index) {
    ColumnDrawing column(picture, x);
    column.head(steps[index].name);
    const auto& links = steps[index].links;
    const auto shown = links.size() > kMostBoxes ? kMostBoxes - 1 : links.size();
    for (std::size_t at = 0; at < shown; ++at) column.box(links[at], "chain-box");
    if (shown < links.size())
      column.box(
          {page.text("chain.more", {{"count", static_cast<std::int64_t>(links.size() - shown)}}),
           "", "", ""},
          "chain-box");
    if (links.empty()) column.box({page.text("results.no_data"), "", "", ""}, "chain-empty");
    bottom = std::max(bottom, column.bottom());
    x += kColumn + kGap;
    if (index + 1 < steps.size()) {
      const int y = kHead + 18, from = x - kGap + 5, to = x - 6;
      picture["arrows"].push_back({{"path", fmt::format("M{0} {2}H{1}M{3} {4}L{1} {2}L{3} {5}",
                                                        from, to, y, to - 7, y - 6, y + 6)}});
    }
  }
  picture["width"] = std::to_string(x - kGap + 1);
  picture["height"] = std::to_string(bottom);
  return picture;
}

web::View step_views(const Page& page, const std::vector<ChainStep>& steps) {
  web::View views = web::View::array();
  for (const auto& step : steps) {
    web::View links = web::View::array();
    for (const auto& link : step.links)
      links.push_back({{"link_title", link.title},
                       {"link_url", link.url},
                       {"link_date", link.date},
                       {"link_detail", link.detail}});
    views.push_back({{"step_name", step.name},
                     {"links", std::move(links)},
                     {"nothing", step.links.empty() ? page.text("results.no_data") : ""}});
  }
  return views;
}

}  // namespace

void add_chain(Page& page, const Chain& chain) {
  const bool adopted = std::any_of(chain.practices.begin(), chain.practices.end(),
                                   [](const auto& one) { return !one.adoptions.empty(); });
  // A practice by itself, or a cycle with nothing but sessions, is no chain.
  const bool from_work = chain.cycle || !chain.sessions.empty();
  const bool came_further =
      !chain.practices.empty() || !chain.outcomes.empty() || chain.problems.problems > 0;
  if (!adopted && !(from_work && came_further)) return;
  const std::vector<ChainStep> steps{challenge_step(page, chain), session_step(page, chain),
                                     outcome_step(page, chain), practice_step(page, chain),
                                     adoption_step(page, chain)};
  std::string summary;
  for (const auto& step : steps)
    summary += (summary.empty() ? "" : "; ") + step.name + ": " + std::to_string(step.links.size());
  page.view()["chain"] = {{"picture", picture_of(page, steps)},
                          {"steps", step_views(page, steps)},
                          {"chain_summary", summary}};
}

}  // namespace narada::http::pages
