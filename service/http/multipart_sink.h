#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "service/http/message.h"
#include "service/http/multipart.h"
#include "service/usecases/materials/uploads.h"

namespace narada::http {

// Takes a body of multipart/form-data as it arrives: what was typed into memory, files straight to
// where uploads are kept, so that a large one takes no memory. As strict as parse_multipart_form.
// The route's `sink` makes it; its handler finds it with received_form().
class MultipartSink final : public BodySink {
 public:
  using BeginFile = std::function<std::unique_ptr<usecases::FormFile>()>;
  struct File {
    std::string name;       // of the field
    std::string file_name;  // as sent; empty where no file was chosen
    // Null: no file was chosen (then it has no name), or there is no room for it.
    std::unique_ptr<usecases::FormFile> file;
    std::uint64_t size = 0;  // octets that came
  };

  // A field that is no file, and all of them together, hold at most `field_limit` octets.
  MultipartSink(std::string_view content_type, BeginFile begin_file,
                std::size_t field_limit = std::size_t{1} << 20);

  bool write(std::string_view bytes) override;
  void complete() override;

  // After complete(): the body was a form from its beginning to its end.
  bool is_good() const { return state_ == State::ended && complete_; }
  const std::vector<FormPart>& fields() const { return fields_; }
  std::vector<File>& files() { return files_; }

 private:
  enum class State { beginning, boundary, head, field, file, ended, broken };
  static constexpr std::size_t kLongestRest = 4;  // of what ends a body

  bool step();
  bool step_beginning();
  bool step_boundary();
  bool step_head();
  bool step_content();
  void keep(std::string_view content);

  const BeginFile begin_file_;
  const std::size_t field_limit_;
  std::string delimiter_;  // CRLF, two hyphens, boundary
  std::string pending_;    // not understood yet; never more than a head and a delimiter
  State state_ = State::beginning;
  bool complete_ = false;
  std::size_t field_bytes_ = 0;
  std::vector<FormPart> fields_;
  std::vector<File> files_;
};

// What the sink of the route left; null: the body was no form, or did not come whole.
MultipartSink* received_form(const Request& request);

}  // namespace narada::http
