#include "sql/dump.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

#include "sql/error.h"
#include "sql/mail_pause_store.h"

namespace narada::storage {
namespace {

// In double quotes, as option files have it.
std::string quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

std::string options_for(const DatabaseAddress& address, std::size_t host) {
  std::string text = "[client]\n";
  const auto add = [&text](std::string_view name, const std::string& value) {
    text += fmt::format("{}={}\n", name, quoted(value));
  };
  add("user", address.user);
  if (!address.password.empty()) add("password", address.password);
  if (!address.socket.empty()) {
    add("socket", address.socket);
    return text;
  }
  add("host", address.hosts.at(host).first);
  text += fmt::format("port={}\nprotocol=tcp\n", address.hosts.at(host).second);
  if (address.ca_file.empty()) return text;
  add("ssl-ca", address.ca_file);
  return text + "ssl-verify-server-cert\n";
}

// The file with the password; it goes with this object.
class OptionFile {
 public:
  OptionFile(const std::filesystem::path& directory, const std::string& text)
      : path_((directory / ".database-XXXXXX").string()) {
    const int file = ::mkostemp(path_.data(), O_CLOEXEC);  // 0600
    if (file < 0)
      throw Error(0, directory.string() + ": " + std::generic_category().message(errno));
    const auto written = ::write(file, text.data(), text.size());
    ::close(file);
    if (written != static_cast<ssize_t>(text.size())) {
      ::unlink(path_.c_str());
      throw Error(0, directory.string() + ": no room");
    }
  }
  ~OptionFile() { ::unlink(path_.c_str()); }
  OptionFile(const OptionFile&) = delete;
  OptionFile& operator=(const OptionFile&) = delete;

  std::string argument() const { return "--defaults-file=" + path_; }

 private:
  std::string path_;
};

// What a program says of its failure.
class Complaints {
 public:
  Complaints() : file_(::memfd_create("complaints", MFD_CLOEXEC)) {
    if (file_ < 0) throw Error(0, "no memory for the messages of a program");
  }
  ~Complaints() { ::close(file_); }
  Complaints(const Complaints&) = delete;
  Complaints& operator=(const Complaints&) = delete;

  int descriptor() const { return file_; }
  std::string text() const {
    std::string text(1000, '\0');
    const auto count = ::pread(file_, text.data(), text.size(), 0);
    text.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
    std::replace(text.begin(), text.end(), '\n', ' ');
    while (text.ends_with(' ')) text.pop_back();
    return text;
  }

 private:
  int file_;
};

// Waits for its end. Empty: it succeeded; else what it says.
std::string run_program(const std::vector<std::string>& command, int input, int output) {
  const Complaints complaints;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (input >= 0) posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  if (input < 0) posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  if (output >= 0) posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, complaints.descriptor(), STDERR_FILENO);
  std::vector<char*> arguments;
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t process = 0;
  const int error =
      posix_spawnp(&process, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return command[0] + ": " + std::generic_category().message(error);
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return "";
  const auto said = complaints.text();
  return said.empty() ? command[0] + " failed" : said;
}

// By the first server of the address that lets the program in.
void run_with(const DatabaseAddress& address, std::vector<std::string> command, int input,
              int output, const std::filesystem::path& scratch) {
  const std::size_t servers = address.socket.empty() ? address.hosts.size() : 1;
  std::string said;
  for (std::size_t host = 0; host < servers; ++host) {
    const OptionFile options(scratch, options_for(address, host));
    auto words = command;
    words.insert(words.begin() + 1, options.argument());  // must come first
    words.push_back(address.schema);
    said = run_program(words, input, output);
    if (said.empty()) return;
    if (said.find("Can't connect") == std::string::npos) break;
  }
  throw Error(0, said);
}

}  // namespace

void dump_database(const DatabaseAddress& address, int file, const std::filesystem::path& scratch) {
  // Octets as they are: as hexadecimal digits the largest values would not fit into one statement
  // of a server with the usual max_allowed_packet. Work that was under way is not to be gone on
  // with in another installation.
  run_with(address,
           {"mariadb-dump", "--single-transaction", "--quick", "--skip-lock-tables",
            "--no-tablespaces", "--skip-dump-date", "--max-allowed-packet=1G",
            "--default-character-set=utf8mb4", "--ignore-table-data=" + address.schema + ".task"},
           -1, file, scratch);
}

void load_dump(const DatabaseAddress& address, int file, const std::filesystem::path& scratch) {
  if (::lseek(file, 0, SEEK_SET) != 0) throw Error(0, "the dump cannot be read");
  run_with(address,
           {"mariadb", "--batch", "--binary-mode", "--max-allowed-packet=1G",
            "--default-character-set=utf8mb4"},
           file, -1, scratch);
}

bool is_database_used(Pool& pool) {
  return pool.read([](Connection& connection) {
    for (const std::string_view table : {"person", "institution", "meeting", "activity"}) {
      constexpr std::string_view kExists =
          "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME "
          "= ?";
      if (connection.query(kExists, {table}).empty()) continue;
      if (!connection.query(fmt::format("SELECT 1 FROM {} LIMIT 1", table)).empty()) return true;
    }
    return false;
  });
}

void drop_all_tables(Pool& pool) {
  constexpr std::string_view kTables =
      "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND "
      "TABLE_TYPE = 'BASE TABLE'";
  pool.read([&](Connection& connection) {
    const auto tables = connection.query(kTables);
    connection.run("SET foreign_key_checks = 0");
    for (const auto table : tables) connection.run("DROP TABLE `" + table.text(0) + "`");
    connection.run("SET foreign_key_checks = 1");
    return 0;
  });
}

void settle_restored_database(Pool& pool, domain::Instant now) {
  pool.transact([&](Connection& connection) {
    save_mail_pause(connection, kPauseOfAll, std::nullopt, std::nullopt, now);
    connection.execute("UPDATE upload SET state = 'gone' WHERE state IN ('receiving', 'received')");
    return 0;
  });
}

}  // namespace narada::storage
