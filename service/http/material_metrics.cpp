#include "service/http/material_metrics.h"

#include <fmt/format.h>

#include <iterator>
#include <string_view>

namespace narada::http {
namespace {

void add(std::string& text, std::string_view name, std::string_view meaning, std::int64_t number) {
  fmt::format_to(std::back_inserter(text),
                 "# HELP narada_materials_{0} {1}\n# TYPE narada_materials_{0} gauge\n"
                 "narada_materials_{0} {2}\n",
                 name, meaning, number);
}

}  // namespace

std::string material_metrics(const usecases::MaterialGauges& gauges) {
  std::string text;
  add(text, "files", "Files that the database knows.", gauges.files);
  add(text, "octets", "Their size.", gauges.octets);
  add(text, "missing", "Of them, missing or damaged in the store when last compared.",
      gauges.missing);
  if (gauges.free_space)
    add(text, "free_octets", "Room left in the store.",
        static_cast<std::int64_t>(*gauges.free_space));
  if (!gauges.last_scrub) return text;
  const auto& last = *gauges.last_scrub;
  add(text, "scrub_timestamp_seconds", "When the store was last compared.",
      last.finished_at.time_since_epoch().count());
  add(text, "scrub_files", "Files compared then, with pictures made of them.", last.files);
  add(text, "scrub_octets", "Octets read then.", last.octets);
  add(text, "scrub_missing", "Of them missing.", last.missing);
  add(text, "scrub_damaged", "Of them damaged.", last.damaged);
  add(text, "scrub_unnamed", "Files forgotten then because nothing was made of them.",
      last.unnamed);
  add(text, "scrub_orphans", "Contents removed then because nothing named them.", last.orphans);
  return text;
}

}  // namespace narada::http
