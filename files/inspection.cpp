#include "files/inspection.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <vector>

#include "files/descriptor.h"
#include "files/inspection/child.h"
#include "service/domain/file_types.h"

namespace narada::files {
namespace {

using Clock = std::chrono::steady_clock;
using nlohmann::json;

// The word by which the program is told to be that child.
constexpr const char* kCommand = "inspect-file";

constexpr std::size_t kMostAnswer = 8U << 20;  // octets; a text of 1 MB can be six times as long

[[noreturn]] void fail(int error, const std::string& what) {
  throw InspectionFailed(what + ": " + std::generic_category().message(error));
}

struct DrawnFile {
  ScratchFile file;
  Descriptor descriptor;
};

DrawnFile make_scratch_file(const std::filesystem::path& directory) {
  auto path = (directory / "picture-XXXXXX").string();
  Descriptor descriptor(::mkostemp(path.data(), O_CLOEXEC));
  if (!descriptor.is_open()) fail(errno, path);
  return {ScratchFile(path), std::move(descriptor)};
}

// Nothing of this process but what concerns sanitizers and memory.
std::vector<std::string> child_environment() {
  std::vector<std::string> variables = {"LANG=C.UTF-8", "LC_ALL=C.UTF-8"};
  for (const auto* const name :
       {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LLVM_PROFILE_FILE"})
    if (const char* const value = std::getenv(name))
      variables.push_back(std::string(name) + "=" + value);
  return variables;
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

class SpawnActions {
 public:
  SpawnActions() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    // Who ends this service asks its whole terminal or control group to end; the child ends with
    // its parent and must not look like one that its file has brought down.
    sigset_t blocked, all;
    sigemptyset(&blocked);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) sigaddset(&blocked, signal);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &blocked);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  ~SpawnActions() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;

  void give(int descriptor, int as) { posix_spawn_file_actions_adddup2(&actions_, descriptor, as); }
  void close_from(int descriptor) {
    posix_spawn_file_actions_addclosefrom_np(&actions_, descriptor);
  }
  pid_t start(const std::string& program, std::vector<std::string> words) {
    auto variables = child_environment();
    pid_t process = 0;
    const int error = posix_spawn(&process, program.c_str(), &actions_, &attributes_,
                                  pointers_to(words).data(), pointers_to(variables).data());
    if (error != 0) fail(error, program);
    return process;
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

// Above those that the child gets, so that giving it one overwrites none that is still to be given.
Descriptor raise(int descriptor) {
  constexpr int kAbove = 20;
  Descriptor raised(::fcntl(descriptor, F_DUPFD_CLOEXEC, kAbove));
  if (!raised.is_open()) fail(errno, "a descriptor");
  return raised;
}

// A child, killed with this object unless it has ended.
class Child {
 public:
  explicit Child(pid_t process) : process_(process) {}
  ~Child() {
    ::kill(process_, SIGKILL);
    int status = 0;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

 private:
  pid_t process_;
};

struct Answer {
  std::string text;
  bool in_time = true;
};

Answer read_answer(int descriptor, Clock::time_point until, const std::stop_token& stopping) {
  constexpr std::int64_t kStep = 200;  // ms
  Answer answer;
  std::array<char, 1U << 16> buffer{};
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    pollfd waiting{descriptor, POLLIN, 0};
    const int ready =
        left <= 0 ? 0 : ::poll(&waiting, 1, static_cast<int>(std::min<std::int64_t>(left, kStep)));
    if (stopping.stop_requested()) throw InspectionFailed("stopped");
    if ((ready < 0 && errno == EINTR) || (ready == 0 && left > kStep)) continue;
    if (ready <= 0) {
      answer.in_time = false;
      return answer;
    }
    const auto got = ::read(descriptor, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return answer;
    answer.text.append(buffer.data(), static_cast<std::size_t>(got));
    if (answer.text.size() > kMostAnswer) return answer;
  }
}

// Of what a child says nothing is believed before it is of the shape that it must have.
template <class Value>
void take(const json& object, const char* name, Value& value) {
  const auto found = object.find(name);
  if (found == object.end()) return;
  if constexpr (std::is_same_v<Value, std::string>) {
    if (found->is_string()) value = found->get<std::string>();
  } else if constexpr (std::is_same_v<Value, bool>) {
    if (found->is_boolean()) value = found->get<bool>();
  } else if (found->is_number_integer()) {
    value = found->get<int>();
  }
}

bool take_facts(const json& answer, InspectionResult& result) {
  const auto found = answer.find("facts");
  if (found == answer.end() || !found->is_object()) return false;
  auto& facts = result.facts;
  take(*found, "media_type", facts.media_type);
  if (domain::find_file_type(facts.media_type) == nullptr) return false;
  take(*found, "title", facts.title);
  take(*found, "language", facts.language);
  take(*found, "is_tagged", facts.is_tagged);
  take(*found, "has_text", facts.has_text);
  take(*found, "pages", facts.pages);
  take(*found, "width", facts.width);
  take(*found, "height", facts.height);
  for (const auto& name : found->value("faults", json::array()))
    if (name.is_string())
      if (const auto fault = domain::find_accessibility_fault(name.get<std::string>()))
        facts.faults.push_back(*fault);
  take(answer, "text", result.text);
  if (result.text.size() > kMostExtractedText) result.text.clear();
  return true;
}

// Its first line; false: there is none that can be understood.
bool take_findings(const std::string& text, InspectionResult& result) {
  const auto end = text.find('\n');
  if (end == std::string::npos) return false;
  const auto answer = json::parse(text.substr(0, end), nullptr, false);
  if (!answer.is_object()) return false;
  std::string obstacle;
  take(answer, inspection::kObstacle, obstacle);
  if (!obstacle.empty()) throw InspectionFailed(obstacle);
  std::string refusal;
  take(answer, "refusal", refusal);
  if (!refusal.empty()) {
    result.refusal = domain::find_file_refusal(refusal);
    return result.refusal.has_value();
  }
  return take_facts(answer, result);
}

json second_line(const std::string& text) {
  const auto first = text.find('\n');
  if (first == std::string::npos) return json::object();
  const auto end = text.find('\n', first + 1);
  if (end == std::string::npos) return json::object();
  auto drawn = json::parse(text.substr(first + 1, end - first - 1), nullptr, false);
  return drawn.is_object() ? drawn : json::object();
}

using Pictures = std::array<DrawnFile, 3>;

// What the child is given, until it has it.
class Given {
 public:
  void add(int descriptor, int as) {
    held_.push_back(raise(descriptor));
    actions_.give(held_.back().get(), as);
  }
  pid_t start(const std::string& file_name, const InspectionOptions& options) {
    actions_.close_from(inspection::kServedDescriptor + 1);
    return actions_.start(options.program.string(), {"narada", kCommand, file_name,
                                                     std::to_string(options.processor.count())});
  }

 private:
  std::vector<Descriptor> held_;
  SpawnActions actions_;
};

pid_t start_child(int descriptor, int output, const std::string& file_name,
                  const InspectionOptions& options, const Pictures& pictures) {
  const Descriptor nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  Given given;
  given.add(descriptor, STDIN_FILENO);
  given.add(output, STDOUT_FILENO);
  given.add(nowhere.get(), STDERR_FILENO);
  given.add(pictures[0].descriptor.get(), inspection::kThumbnailDescriptor);
  given.add(pictures[1].descriptor.get(), inspection::kGalleryDescriptor);
  given.add(pictures[2].descriptor.get(), inspection::kServedDescriptor);
  return given.start(file_name, options);
}

Answer ask_child(int descriptor, const std::string& file_name, const InspectionOptions& options,
                 const Pictures& pictures) {
  const auto until = Clock::now() + options.patience;
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) fail(errno, "pipe");
  const Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  const Child child(start_child(descriptor, writing.get(), file_name, options, pictures));
  writing = Descriptor();  // so that the end of the child is the end of its answer
  return read_answer(reading.get(), until, options.stopping);
}

}  // namespace

ScratchFile::~ScratchFile() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

InspectionResult inspect(int descriptor, const std::string& file_name,
                         const InspectionOptions& options) {
  Pictures drawn = {make_scratch_file(options.scratch), make_scratch_file(options.scratch),
                    make_scratch_file(options.scratch)};
  const auto answer = ask_child(descriptor, file_name, options, drawn);
  InspectionResult result;
  const bool is_understood = take_findings(answer.text, result);
  const auto pictures = second_line(answer.text);
  if (!answer.in_time)
    result.end = InspectionEnd::out_of_time;
  else if (!is_understood || (!result.refusal && pictures.empty()))
    result.end = InspectionEnd::crashed;
  if (!is_understood) {
    result.facts = {};
    result.refusal = domain::FileRefusal::damaged;
  }
  if (result.refusal) return result;
  const auto is_drawn = [&](const char* name) {
    bool is = false;
    take(pictures, name, is);
    return is;
  };
  if (is_drawn("thumbnail")) result.thumbnail.emplace(std::move(drawn[0].file));
  if (is_drawn("gallery")) result.gallery.emplace(std::move(drawn[1].file));
  if (is_drawn("served")) result.served.emplace(std::move(drawn[2].file));
  return result;
}

std::optional<int> run_as_inspection_child(int argc, char** argv) {
  if (argc != 4 || std::string_view(argv[1]) != kCommand) return std::nullopt;
  unsigned seconds = 0;
  const std::string_view text = argv[3];
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size()) return 2;
  return inspection::run_child(argv[2], seconds);
}

}  // namespace narada::files
