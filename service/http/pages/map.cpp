// The map of institutions: dots on the outline of pages/map.html. It repeats the list beside it, so
// that readers who cannot see it miss nothing.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "service/http/pages/views.h"

namespace narada::http::pages {
namespace {

// The projection of the outline: equirectangular, degrees to its units.
constexpr double kWest = 14.0, kNorth = 55.0, kUnitsPerDegree = 62.0, kCosine = 0.61566;

struct Point {
  double x = 0, y = 0;
};

struct Box {
  double x = 0, y = 0, width = 0, height = 0;

  bool touches(const Box& other) const {
    return x < other.x + other.width && other.x < x + width && y < other.y + other.height &&
           other.y < y + height;
  }
  bool holds(const Box& other) const {
    return other.x >= x && other.y >= y && other.x + other.width <= x + width &&
           other.y + other.height <= y + height;
  }
};

constexpr Box kCountry = {-6, 4, 404, 382};
constexpr double kWidestCluster = 130;  // some 210 km: wider is shown on the whole country
constexpr double kNarrowestView = 30;   // some 50 km, so that near neighbours keep their distance
constexpr double kShape = 4.0 / 3;      // width to height
constexpr double kLetterWidth = 0.56;   // of the font size, on average
constexpr double kLetterHeight = 1.15;

Point project(const domain::GeoPoint& position) {
  return {(position.longitude - kWest) * kUnitsPerDegree * kCosine,
          (kNorth - position.latitude) * kUnitsPerDegree};
}

constexpr double kUnitsPerKilometre = kUnitsPerDegree / 111.2;  // a degree of latitude

bool is_whole_country(const Box& view) { return view.width >= kCountry.width; }

Box view_of(const std::vector<Point>& points) {
  const auto [west, east] = std::minmax_element(
      points.begin(), points.end(), [](const Point& a, const Point& b) { return a.x < b.x; });
  const auto [north, south] = std::minmax_element(
      points.begin(), points.end(), [](const Point& a, const Point& b) { return a.y < b.y; });
  const double across = std::max(east->x - west->x, south->y - north->y);
  if (points.size() == 1 || across > kWidestCluster) return kCountry;
  const double width =
      std::max({(east->x - west->x) * 1.4, (south->y - north->y) * 1.25 * kShape, kNarrowestView});
  const double height = width / kShape;
  return {(west->x + east->x - width) / 2, (north->y + south->y - height) / 2, width, height};
}

std::size_t count_letters(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

// Puts each name beside its dot, right, left, above or below, where it covers neither another name
// nor a dot; a name without such a place is left out, its dot still tells it on hover.
class Labels {
 public:
  Labels(const Box& view, double font_size) : view_(view), font_size_(font_size) {}

  void keep_free(Point dot, double radius) {
    taken_.push_back({dot.x - radius, dot.y - radius, 2 * radius, 2 * radius});
  }

  // {x, y, anchor} or null. After all dots are kept free.
  web::View place(const std::string& name, Point dot, double radius) {
    const double width = static_cast<double>(count_letters(name)) * kLetterWidth * font_size_;
    const double height = kLetterHeight * font_size_;
    const double gap = radius + 0.25 * font_size_;
    const std::array<std::pair<Box, const char*>, 4> places = {{
        {{dot.x + gap, dot.y - height / 2, width, height}, "start"},
        {{dot.x - gap - width, dot.y - height / 2, width, height}, "end"},
        {{dot.x - width / 2, dot.y - gap - height, width, height}, "middle"},
        {{dot.x - width / 2, dot.y + gap, width, height}, "middle"},
    }};
    for (const auto& [box, anchor] : places) {
      const bool free = view_.holds(box) &&
                        std::none_of(taken_.begin(), taken_.end(),
                                     [&box = box](const Box& other) { return box.touches(other); });
      if (!free) continue;
      taken_.push_back(box);
      const std::string_view side = anchor;
      const double x = side == "start" ? box.x : side == "end" ? box.x + box.width : dot.x;
      return {{"x", fmt::format("{:.2f}", x)},
              {"y", fmt::format("{:.2f}", box.y + 0.8 * box.height)},
              {"anchor", anchor}};
    }
    return nullptr;
  }

 private:
  Box view_;
  double font_size_;
  std::vector<Box> taken_;
};

// A bar of round length, about a fifth of the width, in the corner at the bottom.
web::View scale_view(const Box& view, double font_size) {
  constexpr std::array kLengths = {1, 2, 5, 10, 20, 50, 100};
  int length = kLengths.front();
  for (const int kilometres : kLengths)
    if (kilometres * kUnitsPerKilometre <= view.width / 5) length = kilometres;
  const double margin = view.width / 40;
  const double y = view.y + view.height - margin;
  return {{"x1", fmt::format("{:.2f}", view.x + margin)},
          {"x2", fmt::format("{:.2f}", view.x + margin + length * kUnitsPerKilometre)},
          {"y", fmt::format("{:.2f}", y)},
          {"text_y", fmt::format("{:.2f}", y - font_size * 0.4)},
          {"text", fmt::format("{} km", length)}};
}

}  // namespace

web::View map_view(const Page& page, const std::vector<MapDot>& dots,
                   const std::vector<domain::GeoPoint>& area) {
  std::vector<const MapDot*> shown;
  std::vector<Point> points;
  for (const auto& dot : dots) {
    if (!dot.institution.position) continue;
    shown.push_back(&dot);
    points.push_back(project(*dot.institution.position));
  }
  if (shown.empty() && area.empty()) return nullptr;
  std::vector<Point> around;
  for (const auto& position : area) around.push_back(project(position));
  const auto view = view_of(around.empty() ? points : around);
  // On the whole country names would be too small, and one institution is named beside its map.
  const bool has_names = !is_whole_country(view);
  const double unit = view.width / 100;
  const double radius = unit * (points.size() > 1 && !has_names ? 0.9 : 1.6);
  const double font_size = unit * 3;
  Labels labels(view, font_size);
  for (std::size_t i = 0; i < shown.size(); ++i)
    labels.keep_free(points[i], radius * shown[i]->size);
  auto views = web::View::array();
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (!area.empty() && !view.holds({points[i].x, points[i].y, 0, 0})) continue;
    auto link = institution_link(page, shown[i]->institution);
    if (!shown[i]->url.empty()) link["url"] = shown[i]->url;
    link["x"] = fmt::format("{:.2f}", points[i].x);
    link["y"] = fmt::format("{:.2f}", points[i].y);
    link["class"] = shown[i]->owner ? "owner" : "member";
    if (!shown[i]->look.empty()) link["class"] = shown[i]->look;
    if (shown[i]->size != 1) link["radius"] = fmt::format("{:.2f}", radius * shown[i]->size);
    link["about"] = shown[i]->title.empty() ? shown[i]->institution.name : shown[i]->title;
    link["label"] =
        has_names ? labels.place(shown[i]->institution.name, points[i], radius * shown[i]->size)
                  : web::View();
    views.push_back(std::move(link));
  }
  return {{"view_box",
           fmt::format("{:.2f} {:.2f} {:.2f} {:.2f}", view.x, view.y, view.width, view.height)},
          {"radius", fmt::format("{:.2f}", radius)},
          {"stroke", fmt::format("{:.2f}", unit * 0.4)},
          {"font_size", fmt::format("{:.2f}", font_size)},
          {"scale", scale_view(view, font_size)},
          {"dots", std::move(views)}};
}

}  // namespace narada::http::pages
