#include "files/inspection/child.h"

#include <libxml/parser.h>
#include <sys/stat.h>
#include <unistd.h>

#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string_view>
#include <system_error>

#include "files/inspection.h"
#include "files/inspection/content_type.h"
#include "files/inspection/limits.h"
#include "files/inspection/office.h"
#include "files/inspection/pdf.h"
#include "files/inspection/picture.h"
#include "files/inspection/plain_text.h"

namespace narada::files::inspection {
namespace {

using domain::FileFamily;
using domain::FileRefusal;
using nlohmann::json;

Subject open_subject(const std::string& name) {
  struct stat status {};
  if (::fstat(STDIN_FILENO, &status) != 0) refuse(FileRefusal::damaged);
  Subject subject;
  subject.descriptor = STDIN_FILENO;
  subject.path = "/proc/self/fd/" + std::to_string(STDIN_FILENO);
  subject.size = static_cast<std::uint64_t>(status.st_size);
  subject.name = name;
  return subject;
}

Findings examine(const Subject& subject, const domain::FileType& type) {
  switch (type.family) {
    case FileFamily::pdf:
      return examine_pdf(subject, type);
    case FileFamily::office:
    case FileFamily::open_office:
    case FileFamily::archive:
    case FileFamily::book:
      return examine_zip(subject, type);
    case FileFamily::old_office:
      return examine_old_office(subject, type);
    case FileFamily::rich_text:
      return examine_rich_text(subject, type);
    case FileFamily::text:
      return examine_text(subject, type);
    case FileFamily::picture:
      return examine_picture(subject, type, read_outline(subject, type));
    case FileFamily::recording: {
      Findings findings;
      findings.facts.media_type = type.media_type;
      return findings;
    }
  }
  refuse(FileRefusal::forbidden_type);
}

void say(const json& answer) {
  auto line = answer.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
  for (std::string_view rest = line; !rest.empty();) {
    const auto written = ::write(STDOUT_FILENO, rest.data(), rest.size());
    if (written <= 0) ::_exit(1);
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

json describe(Findings findings) {
  constexpr std::size_t kMostTitle = 300, kMostLanguage = 35;
  auto& facts = findings.facts;
  const auto text = clean_text(findings.text, kMostExtractedText);
  if (facts.media_type != "application/pdf") facts.has_text = !text.empty();
  json object = {{"media_type", facts.media_type},
                 {"title", clean_text(facts.title, kMostTitle)},
                 {"language", clean_text(facts.language, kMostLanguage)},
                 {"is_tagged", facts.is_tagged},
                 {"has_text", facts.has_text},
                 {"faults", json::array()}};
  if (facts.pages) object["pages"] = *facts.pages;
  if (facts.width) object["width"] = *facts.width;
  if (facts.height) object["height"] = *facts.height;
  for (const auto fault : facts.faults) object["faults"].push_back(to_string(fault));
  return {{"facts", std::move(object)}, {"text", text}};
}

bool write_and_destroy(gdImagePtr picture, int descriptor) {
  if (picture == nullptr) return false;
  const bool written = write_jpeg(picture, descriptor);
  gdImageDestroy(picture);
  return written;
}

json draw(const Subject& subject, const domain::FileType& type) {
  json drawn = {{"thumbnail", false}, {"gallery", false}, {"served", false}};
  if (type.family == FileFamily::pdf) {
    drawn["thumbnail"] =
        write_and_destroy(draw_first_page(subject, kThumbnailWidth), kThumbnailDescriptor);
  } else if (type.family == FileFamily::picture) {
    const auto outline = read_outline(subject, type);
    drawn["served"] =
        outline.has_metadata && write_without_metadata(subject, type, outline, kServedDescriptor);
    // The metadata of what readers get has gone, or nobody gets the picture.
    if (outline.has_metadata && !drawn["served"].get<bool>()) refuse(FileRefusal::damaged);
    drawn["gallery"] =
        write_and_destroy(draw_picture(subject, type, outline, kGalleryWidth), kGalleryDescriptor);
    drawn["thumbnail"] = write_and_destroy(draw_picture(subject, type, outline, kThumbnailWidth),
                                           kThumbnailDescriptor);
  }
  return drawn;
}

}  // namespace

int run_child(const std::string& file_name, unsigned processor_seconds) {
  try {
    confine_this_process(processor_seconds);
    const auto subject = open_subject(file_name);
    if (subject.size == 0) refuse(FileRefusal::empty);
    const auto& type = decide_type(subject);
    auto findings = examine(subject, type);
    // A picture is ready with what readers get instead of it, so its answer comes after drawing.
    if (type.family == FileFamily::picture) {
      const auto drawn = draw(subject, type);
      say(describe(std::move(findings)));
      say(drawn);
    } else {
      say(describe(std::move(findings)));
      say(draw(subject, type));
    }
  } catch (const Refusal& refusal) {
    say({{"refusal", to_string(refusal.reason)}});
  } catch (const Obstacle& obstacle) {
    say({{kObstacle, obstacle.what()}});
  } catch (const std::system_error& error) {
    say({{kObstacle, error.what()}});
  } catch (const std::exception& error) {
    say({{"failed", error.what()}});
  }
  // Without destructors of libraries, which may hang on what they have read.
  ::_exit(0);
}

}  // namespace narada::files::inspection
