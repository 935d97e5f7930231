#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <utility>

#include "service/domain/file_facts.h"

// What a file is. Whoever sent it decides about every byte, so nothing of it is read in a process
// that holds a database or a key: a child does, with bounds on memory, time and what it may ask of
// the system, and no way to the network.
namespace narada::files {

struct InspectionOptions {
  std::filesystem::path program = "/proc/self/exe";  // calls run_as_inspection_child()
  std::filesystem::path scratch;                     // a directory for pictures that are drawn
  std::chrono::seconds processor{60};
  std::chrono::seconds patience{150};  // by the clock on the wall
  std::stop_token stopping = {};       // asked to stop, the inspection fails
};

// How the child ended. crashed: also when it gave up, or was killed for what is no fault of the
// file, such as a machine out of memory; who decides about the file tries again.
enum class InspectionEnd { answered, crashed, out_of_time };

// Deletes the file that is still there.
class ScratchFile {
 public:
  explicit ScratchFile(std::filesystem::path path) : path_(std::move(path)) {}
  ~ScratchFile();
  ScratchFile(ScratchFile&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  ScratchFile& operator=(ScratchFile&& other) noexcept {
    std::swap(path_, other.path_);
    return *this;
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline constexpr std::size_t kMostExtractedText = 1'000'000;  // octets

struct InspectionResult {
  std::optional<domain::FileRefusal> refusal;  // then nothing below
  domain::FileFacts facts;
  std::string text;  // to be searched; UTF-8, at most kMostExtractedText
  // Pictures as JPEG, absent where there is nothing to draw: 480 and 1600 pixels wide at most.
  std::optional<ScratchFile> thumbnail;
  std::optional<ScratchFile> gallery;
  // The same picture without what the camera wrote into it: place, time, device. Absent: there is
  // nothing of that kind in it.
  std::optional<ScratchFile> served;
  // Whatever the end, the result holds: a child that crashed or took too long before it knew what
  // the file is makes it `damaged`; afterwards it costs pictures.
  InspectionEnd end = InspectionEnd::answered;
};

// The child could not be started or could not begin: it is to be tried again.
class InspectionFailed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// `descriptor`: the file, readable from its beginning. `file_name`: as it was sent.
InspectionResult inspect(int descriptor, const std::string& file_name,
                         const InspectionOptions& options);

// For main(), before anything else: the exit status of a process that is such a child; absent: it
// is none.
std::optional<int> run_as_inspection_child(int argc, char** argv);

}  // namespace narada::files
