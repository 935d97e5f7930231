#include "service/check.h"

#include <exception>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "calendar/zone.h"
#include "files/blob_store.h"
#include "files/digest.h"
#include "notifications/dns.h"
#include "notifications/sender_records.h"
#include "notifications/smtp.h"
#include "service/installation.h"
#include "service/usecases/environment.h"
#include "service/usecases/search/search_words.h"
#include "sql/migrations.h"
#include "sql/serving_account.h"

namespace narada {
namespace {

std::string domain_of(const std::string& address) { return address.substr(address.rfind('@') + 1); }

std::string check_zones() {
  const auto shown = [](const char* instant) {
    return calendar::format_rfc3339(*calendar::parse_rfc3339(instant), domain::kDefaultZone);
  };
  const auto winter = shown("2027-01-21T08:30:00Z"), summer = shown("2027-07-21T07:30:00Z");
  if (winter != "2027-01-21T09:30:00+01:00" || summer != "2027-07-21T09:30:00+02:00")
    throw std::runtime_error("Europe/Warsaw shows " + winter + " and " + summer);
  return "ok";
}

std::string check_dictionary() {
  if (auto problem = usecases::find_dictionary_problem(); !problem.empty())
    throw std::runtime_error(problem);
  return "Polish words are found in all their forms";
}

std::string check_log(Installation& installation) {
  return storage::is_log_append_only(installation.pool())
             ? "append-only"
             : "this account may change it (NARADA_DATABASE_OWNER is not in use)";
}

// As far as the first message: connection, EHLO, TLS, sign-in.
std::string check_transport(Installation& installation) {
  const auto& config = installation.config();
  const auto described = installation.make_transport()->description();
  if (config.smtp.empty()) return described;
  auto options = notifications::parse_smtp_url(config.smtp);
  options.hello_name = domain_of(config.mail_from);
  const bool signs_in = !options.user.empty();
  const auto result = notifications::SmtpTransport(std::move(options)).probe();
  if (result.end != notifications::DeliveryEnd::delivered)
    throw std::runtime_error(described + ": " + result.reply);
  return described + (signs_in ? ": answers and lets us sign in" : ": answers");
}

std::string in_gibibytes(std::uint64_t octets) {
  return std::to_string(octets / (std::uint64_t{1} << 30)) + " GiB free";
}

// A small file of nobody goes in, comes out and is removed.
std::string check_files(Installation& installation) {
  const auto& environment = installation.environment();
  auto& store = *environment.blobs;
  const auto content = "narada check " + usecases::make_token();
  const auto path = environment.uploads / ("." + usecases::make_token());
  std::ofstream(path) << content;
  const auto digest = files::digest_of(path);
  try {
    store.put(digest, path);
  } catch (...) {
    std::filesystem::remove(path);
    throw;
  }
  std::filesystem::remove(path);
  const auto kept = store.open(digest);
  const bool same =
      kept && files::digest_of("/proc/self/fd/" + std::to_string(*kept->descriptor)) == digest;
  store.remove(digest);
  if (!same) throw std::runtime_error(store.description() + " does not give back what it took");
  const auto room = store.free_space();
  return store.description() + ": takes, gives and removes files" +
         (room ? ", " + in_gibibytes(*room) : "");
}

notifications::SenderDomain sender_of(const Config& config) {
  notifications::SenderDomain sender;
  sender.domain = domain_of(config.mail_from);
  if (config.reply_mailbox != "off") sender.reply_domain = domain_of(config.reply_mailbox);
  sender.dkim_selector = config.dkim_selector;
  if (!config.smtp.empty()) sender.mail_server = notifications::parse_smtp_url(config.smtp).host;
  return sender;
}

std::string_view word_of(notifications::RecordState state) {
  using notifications::RecordState;
  switch (state) {
    case RecordState::doubtful:
      return "could be better: ";
    case RecordState::missing:
      return "MISSING: ";
    case RecordState::wrong:
      return "WRONG: ";
    default:
      return "";
  }
}

void tell_records(Installation& installation, std::ostream& out) {
  const auto& config = installation.config();
  notifications::DnsResolver dns(config.dns_servers);
  for (const auto& record : check_sender_records(dns, sender_of(config))) {
    out << record.name << " of " << (record.name == "MX" ? "answers" : "the sender") << ": "
        << word_of(record.state) << record.text << '\n';
    if (!record.advice.empty()) out << "    " << record.advice << '\n';
  }
}

// Counts the steps that fail.
class Steps {
 public:
  explicit Steps(std::ostream& out) : out_(out) {}

  template <class Action>
  void take(std::string_view what, Action&& action) {
    try {
      const std::string found = action();
      out_ << what << ": " << found << '\n';
    } catch (const std::exception& error) {
      out_ << what << ": FAILED: " << error.what() << '\n';
      ++failures_;
    }
  }
  int failures() const { return failures_; }

 private:
  std::ostream& out_;
  int failures_ = 0;
};

}  // namespace

int check_installation(const std::function<Config()>& load, std::ostream& out) {
  Steps steps(out);
  std::unique_ptr<Installation> installation;
  steps.take("configuration", [&] {
    installation = std::make_unique<Installation>(load());
    return "ok";
  });
  if (!installation) return 1;
  steps.take("database", [&] {
    installation->require_current_schema();
    return installation->pool().description();
  });
  steps.take("activity log", [&] { return check_log(*installation); });
  steps.take("time zones", check_zones);
  steps.take("dictionary", check_dictionary);
  steps.take("pages and texts", [&] {
    (void)installation->renderer();
    return installation->config().share.string();
  });
  steps.take("files", [&] { return check_files(*installation); });
  steps.take("mail", [&] { return check_transport(*installation); });
  try {
    tell_records(*installation, out);
  } catch (const std::exception& error) {
    out << "DNS: " << error.what() << '\n';
  }
  return steps.failures() == 0 ? 0 : 1;
}

}  // namespace narada
