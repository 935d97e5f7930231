#include "service/commands.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <fstream>
#include <future>
#include <iostream>
#include <sstream>
#include <utility>
#include <variant>
#include <vector>

#include "notifications/received_message.h"
#include "service/arguments.h"
#include "service/check.h"
#include "service/installation.h"
#include "service/material_commands.h"
#include "service/serve.h"
#include "service/usecases/access.h"
#include "service/usecases/institutions/institutions.h"
#include "service/usecases/mails/mail_delivery.h"
#include "service/usecases/mails/mails.h"
#include "service/usecases/operations.h"
#include "service/usecases/people/clean_up.h"
#include "service/usecases/people/credential_reset.h"
#include "service/usecases/people/sign_in.h"
#include "service/usecases/replies/receive_mail.h"
#include "service/usecases/search/search_keeper.h"
#include "sql/migrations.h"
#include "sql/serving_account.h"

namespace narada {
namespace {

using Words = std::vector<std::string>;

void take_no_operands(const Arguments& arguments) {
  if (!arguments.operands.empty())
    throw UsageError("unexpected word: " + arguments.operands.front());
}

usecases::Call system_call(std::string_view command) {
  usecases::Call call;
  call.actor.kind = usecases::Actor::Kind::system;
  call.request_id = "cli-" + std::string(command);
  return call;
}

// The failures of a use case as lines for a terminal.
std::string describe(const domain::Failure& failure) {
  struct Describe {
    std::string operator()(const domain::FieldErrors& errors) const {
      std::string text;
      for (const auto& error : errors) {
        if (!text.empty()) text += '\n';
        text += (error.field.empty() ? "" : error.field + ": ") + error.code;
        for (const auto& [name, value] : error.details) text += ", " + name + " " + value;
      }
      return text;
    }
    std::string operator()(const domain::NotFound&) const { return "not found"; }
    std::string operator()(const domain::Forbidden&) const { return "not allowed"; }
    std::string operator()(const domain::Stale&) const {
      return "changed by somebody else meanwhile";
    }
    std::string operator()(const domain::Conflict& conflict) const { return conflict.code; }
    std::string operator()(const domain::OperationReused&) const {
      return "the same key came with another request";
    }
  };
  return std::visit(Describe{}, failure);
}

template <class T>
const T& value_or_throw(const domain::Outcome<T>& outcome) {
  if (!outcome.ok()) throw std::runtime_error(describe(outcome.failure()));
  return outcome.value();
}

usecases::Role role_option(const Arguments& arguments) {
  const auto role = usecases::find_role(arguments.required("role"));
  if (!role) throw UsageError("--role must be admin, organizer, expert, coordinator or official");
  return *role;
}

std::optional<int> days_option(const Arguments& arguments) {
  const auto text = arguments.find("days");
  if (!text) return std::nullopt;
  int days = 0;
  const char* const end = text->data() + text->size();
  const auto [rest, error] = std::from_chars(text->data(), end, days);
  if (error != std::errc{} || rest != end)
    throw UsageError("--days must be a number from 1 to 365");
  return days;
}

int migrate(const Words& words) {
  const auto arguments = parse_arguments(words, {"config"});
  take_no_operands(arguments);
  auto config = load_config(arguments);
  const auto serving = config.database;
  if (!config.database_owner.empty()) config.database = config.database_owner;
  Installation installation(std::move(config));
  const int applied = storage::migrate(installation.pool());
  std::cerr << "database " << installation.pool().description() << ": version "
            << storage::schema_version(installation.pool()) << " (" << applied
            << " migrations applied)\n";
  if (serving == installation.config().database) return 0;
  if (!storage::grant_serving_rights(installation.pool(), storage::parse_database_address(serving)))
    std::cerr << "NARADA_DATABASE_OWNER is the account that serves: the activity log can be "
                 "changed by it\n";
  return 0;
}

int load_sample(const Words& words) {
  const auto arguments = parse_arguments(words, {"config"});
  take_no_operands(arguments);
  Installation installation(load_config(arguments));
  installation.require_current_schema();
  const auto report = value_or_throw(usecases::load_sample(
      installation.environment(), (installation.config().share / "sample").string()));
  std::cerr << "sample data: " << report.institutions << " institutions, " << report.cycles
            << " cycles, " << report.meetings << " meetings, " << report.practices << " practices, "
            << report.people << " people, " << report.materials << " materials added\n";
  return 0;
}

int rebuild_search(const Words& words) {
  const auto arguments = parse_arguments(words, {"config"});
  take_no_operands(arguments);
  Installation installation(load_config(arguments));
  installation.require_current_schema();
  usecases::ask_for_new_search_index(installation.environment());
  return 0;
}

int import_municipalities(const Words& words) {
  const auto arguments = parse_arguments(words, {"config"});
  if (arguments.operands.size() != 1) throw UsageError("exactly one CSV file is expected");
  std::ifstream file(arguments.operands.front(), std::ios::binary);
  if (!file) throw std::runtime_error(arguments.operands.front() + ": cannot be read");
  std::ostringstream csv;
  csv << file.rdbuf();
  Installation installation(load_config(arguments));
  installation.require_current_schema();
  const auto report = value_or_throw(usecases::import_municipalities(
      installation.environment(), system_call("import"), csv.str()));
  std::cout << report.added << " added, " << report.changed << " changed, " << report.unchanged
            << " unchanged\n";
  for (const auto& code : report.new_associations) std::cout << "new association: " << code << '\n';
  return 0;
}

int add_user(const Words& words) {
  const auto arguments = parse_arguments(words, {"config", "email", "name", "role"});
  take_no_operands(arguments);
  const auto role = role_option(arguments);
  const auto& email = arguments.required("email");
  const auto& name = arguments.required("name");
  Installation installation(load_config(arguments));
  installation.require_current_schema();
  const auto person =
      value_or_throw(usecases::add_user(installation.environment(), email, name, role));
  std::cout << "person " << person.value << ": " << usecases::to_string(role) << '\n';
  return 0;
}

// Of somebody known, or of a new person with that name.
int make_sign_in_link(const Words& words) {
  const auto arguments = parse_arguments(words, {"config", "email", "name"});
  take_no_operands(arguments);
  const auto& email = arguments.required("email");
  const auto name = arguments.find("name");
  Installation installation(load_config(arguments));
  installation.require_current_schema();
  const auto& environment = installation.environment();
  const auto call = system_call("sign-in-link");
  auto link = usecases::make_sign_in_link(environment, call, email);
  if (!link.ok() && std::holds_alternative<domain::NotFound>(link.failure()) && name) {
    value_or_throw(usecases::add_user(environment, email, *name, usecases::Role::official));
    link = usecases::make_sign_in_link(environment, call, email);
  }
  std::cout << value_or_throw(link) << '\n';
  return 0;
}

int reset_user(const Words& words) {
  const auto arguments = parse_arguments(words, {"config", "email"});
  take_no_operands(arguments);
  const auto& email = arguments.required("email");
  Installation installation(load_config(arguments));
  installation.require_current_schema();
  const int reset = value_or_throw(
      usecases::reset_mailbox(installation.environment(), system_call("user-reset"), email));
  std::cout << reset << " reset\n";
  return 0;
}

int create_token(const Words& words) {
  const auto arguments = parse_arguments(words, {"config", "role", "name", "days"});
  take_no_operands(arguments);
  const auto role = role_option(arguments);
  const auto days = days_option(arguments);
  Installation installation(load_config(arguments));
  installation.require_current_schema();
  const auto created = value_or_throw(usecases::create_token(
      installation.environment(), role, arguments.find("name").value_or("command line"), days));
  std::cout << created.token << '\n';
  return 0;
}

// One of the workers: round after round until nothing is due, or no server is there.
void deliver_rounds(Installation& installation, const std::string& worker,
                    usecases::DeliveryTotals& totals) {
  constexpr int kMailsPerRound = 25;
  const auto transport = installation.make_transport();
  for (;;) {
    const auto report =
        usecases::deliver_mails(installation.environment(), installation.composer(), *transport,
                                worker, kMailsPerRound, {}, {installation.config().mail_rate});
    totals.add(report);
    if (!report.transport_problem.empty()) std::cerr << "mail: " + report.transport_problem + "\n";
    if (!report.transport_problem.empty() || !usecases::has_moved_mails(report)) return;
  }
}

int deliver_mail(const Words& words) {
  const auto arguments = parse_arguments(words, {"config"});
  take_no_operands(arguments);
  auto config = load_config(arguments);
  const unsigned count = config.mail_workers;
  Installation installation(std::move(config), count);
  installation.require_current_schema();
  installation.composer();  // made before the threads share it
  const auto process = "-deliver-" + std::to_string(::getpid()) + "-" + usecases::make_token();
  usecases::DeliveryTotals totals;
  std::vector<std::future<void>> workers;
  for (unsigned number = 0; number < count; ++number) {
    workers.push_back(std::async(std::launch::async, [&, number] {
      deliver_rounds(installation, std::to_string(number) + process, totals);
    }));
  }
  for (auto& worker : workers) worker.get();
  std::cout << totals.sent << " sent, " << totals.postponed << " postponed, " << totals.failed
            << " failed\n";
  return 0;
}

// What is piped in; what is beyond the length that is read is left out.
std::string read_standard_input() {
  std::string text;
  std::array<char, 64 * 1024> buffer{};
  while (std::cin.read(buffer.data(), buffer.size()) || std::cin.gcount() > 0) {
    const auto room = notifications::kMostMessageOctets + 1 - text.size();
    text.append(buffer.data(), std::min(room, static_cast<std::size_t>(std::cin.gcount())));
  }
  return text;
}

// The exit statuses are those by which mail servers go (sysexits.h). Whatever keeps a message from
// being taken may be over later, and a failure would make them answer its sender: so they are asked
// to try again.
int receive_mail(const Words& words) {
  constexpr int kNoMessage = 65;
  constexpr int kTryAgain = 75;
  const auto arguments = parse_arguments(words, {"config", "recipient"});
  take_no_operands(arguments);
  const auto message = read_standard_input();
  if (message.find_first_not_of(" \t\r\n") == std::string::npos) return kNoMessage;
  std::vector<std::string> recipients;
  if (const auto recipient = arguments.find("recipient")) recipients.push_back(*recipient);
  try {
    Installation installation(load_config(arguments));
    installation.require_current_schema();
    const auto received = usecases::receive_mail(installation.environment(), message, recipients);
    std::cerr << "mail " << received.id.value << ": " << to_string(received.kind) << ", "
              << (received.again ? "known already" : to_string(received.effect)) << '\n';
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "narada: " << error.what() << '\n';
    return kTryAgain;
  }
}

void print_preview(const std::vector<usecases::RetentionLine>& lines) {
  for (const auto& line : lines)
    std::cout << to_string(line.field) << ": " << line.count << " kept longer than "
              << line.kept.count() << " days\n";
}

int clean_up(const Words& given) {
  Words words = given;
  const bool preview = std::erase(words, "--preview") > 0;
  const auto arguments = parse_arguments(words, {"config"});
  take_no_operands(arguments);
  Installation installation(load_config(arguments));
  installation.require_current_schema();
  const auto call = system_call("clean-up");
  if (preview) {
    print_preview(
        value_or_throw(usecases::preview_clean_up(installation.environment(), call.actor)));
    return 0;
  }
  const auto worker = "clean-up-" + std::to_string(::getpid());
  const auto report = value_or_throw(usecases::clean_up(installation.environment(), call, worker));
  for (const auto field : domain::kRetainedFields)
    std::cout << to_string(field) << ": " << report.removed[static_cast<std::size_t>(field)]
              << " removed\n";
  for (const auto& failure : report.failures) std::cerr << "clean-up: " << failure << '\n';
  return report.failures.empty() ? 0 : 1;
}

int check(const Words& words) {
  const auto arguments = parse_arguments(words, {"config"});
  take_no_operands(arguments);
  return check_installation([&] { return load_config(arguments); }, std::cout);
}

int serve_command(const Words& words) {
  const auto arguments = parse_arguments(words, {"config"});
  take_no_operands(arguments);
  return serve(load_config(arguments));
}

void print_settings(std::ostream& out) {
  out << "Settings, from the environment or from --config FILE (key = value):\n";
  for (const auto& key : config_keys()) {
    out << "  " << key.name << "\n      " << key.meaning;
    if (!key.default_value.empty()) out << " [" << key.default_value << "]";
    out << '\n';
  }
}

void print_usage(std::ostream& out) {
  out << "usage: narada COMMAND [--config FILE] …\n\n";
  for (const auto& command : commands())
    out << "  narada " << command.name << (command.usage.empty() ? "" : " ") << command.usage
        << "\n      " << command.meaning << '\n';
  out << "\nExit status: 0 ok, 1 failed, 2 usage.\n";
}

const Command* find_command(const Words& words, std::size_t& length) {
  for (const auto& command : commands()) {
    std::istringstream parts{std::string(command.name)};
    std::size_t count = 0;
    bool fits = true;
    for (std::string part; parts >> part; ++count)
      fits = fits && count < words.size() && words[count] == part;
    if (fits) {
      length = count;
      return &command;
    }
  }
  return nullptr;
}

}  // namespace

const std::vector<Command>& commands() {
  static const std::vector<Command> all = {
      {"serve", "", "serves the pages and the API, and delivers the mails", serve_command},
      {"migrate", "", "brings the database to the program's version", migrate},
      {"load-sample", "", "loads the sample data; changes nothing that exists", load_sample},
      {"import municipalities", "FILE.csv", "adds or updates municipalities by their TERYT code",
       import_municipalities},
      {"user add", "--email E --name N --role R", "adds a person with a role", add_user},
      {"sign-in-link", "--email E [--name N]",
       "prints a link that signs in the person of that mailbox, once and for 15 minutes; with a "
       "name "
       "it adds who is not known",
       make_sign_in_link},
      {"user reset", "--email E",
       "takes password and one-time codes from who has lost them, and signs them out everywhere",
       reset_user},
      {"token create", "--role R [--name N] [--days D]", "prints a new bearer token for the API",
       create_token},
      {"mail deliver", "", "hands over the mails that are due, then ends", deliver_mail},
      {"mail receive", "[--recipient ADDRESS]",
       "takes a message that came to the reply mailbox from standard input; exit status 0 taken, "
       "65 "
       "no message, 75 try again later",
       receive_mail},
      {"search rebuild", "",
       "has every running process build its index for the search anew; until that is done it "
       "answers "
       "from the old one",
       rebuild_search},
      {"materials scrub", "[--mend]",
       "compares every file of the materials with what the database says of it and removes what "
       "nothing names; with --mend also what is damaged, so that it can be brought again",
       scrub_materials_command},
      {"materials inspect", "--again",
       "lets every file be looked into once more, by the rules of this program; files stay "
       "readable meanwhile",
       inspect_materials_command},
      {"backup", "FILE",
       "writes the database and the files of materials into one new file, a ZIP, while others "
       "work; the secret key is not in it",
       backup_command},
      {"restore", "FILE [--force] [--other-key]",
       "takes an empty installation to where a backup was; no other process may run. --force "
       "replaces what the database holds, --other-key goes on with another secret key than the "
       "backup's",
       restore_command},
      {"clean-up", "[--preview]", "removes what is kept beyond its time, or counts it", clean_up},
      {"check", "",
       "checks configuration, database, time zones, the mail server and what DNS says of the "
       "sender's domain",
       check},
  };
  return all;
}

int run_command(const std::vector<std::string>& words) {
  if (words.empty() || words.front() == "--help" || words.front() == "help") {
    print_usage(words.empty() ? std::cerr : std::cout);
    return words.empty() ? 2 : 0;
  }
  std::size_t length = 0;
  const auto* command = find_command(words, length);
  if (!command) {
    std::cerr << "narada: no such command: " << words.front() << "\n";
    print_usage(std::cerr);
    return 2;
  }
  const Words rest(words.begin() + static_cast<std::ptrdiff_t>(length), words.end());
  for (const auto& word : rest) {
    if (word != "--help") continue;
    std::cout << "usage: narada " << command->name << " [--config FILE] " << command->usage << '\n'
              << command->meaning << "\n\n";
    print_settings(std::cout);
    return 0;
  }
  try {
    return command->run(rest);
  } catch (const UsageError& error) {
    std::cerr << "narada " << command->name << ": " << error.what() << "\nusage: narada "
              << command->name << ' ' << command->usage << '\n';
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "narada " << command->name << ": " << error.what() << '\n';
    return 1;
  }
}

}  // namespace narada
