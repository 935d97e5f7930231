#include "service/config.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <fstream>
#include <functional>

namespace narada {
namespace {

using Setter = std::function<void(Config&, const std::string&)>;

struct Key {
  ConfigKey description;
  Setter set;
};

[[noreturn]] void refuse(const std::string& rule) { throw ConfigError(rule); }

template <class Number>
Number number_between(const std::string& value, Number least, Number most) {
  Number number{};
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size() || number < least || number > most)
    refuse("must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return number;
}

void set_listen(Config& config, const std::string& value) {
  const auto colon = value.rfind(':');
  if (colon == std::string::npos || colon == 0) refuse("must be ADDRESS:PORT");
  config.listen_host = value.substr(0, colon);
  config.listen_port =
      static_cast<std::uint16_t>(number_between<unsigned>(value.substr(colon + 1), 0, 65535));
}

void set_base_url(Config& config, const std::string& value) {
  if (!value.starts_with("http://") && !value.starts_with("https://"))
    refuse("must start with http:// or https://");
  if (value.find_first_of(" \t\r\n\"<>") != std::string::npos)
    refuse("must not hold spaces, quotes or angle brackets");
  config.base_url = value;
  while (config.base_url.ends_with('/')) config.base_url.pop_back();
}

void set_database(Config& config, const std::string& value) {
  if (!value.starts_with("mysql://")) refuse("must start with mysql://");
  config.database = value;
}

void set_smtp(Config& config, const std::string& value) {
  if (!value.empty() && !value.starts_with("smtp://") && !value.starts_with("smtps://") &&
      !value.starts_with("smtp+starttls://"))
    refuse("must start with smtp://, smtps:// or smtp+starttls://");
  config.smtp = value;
}

bool is_one_address(const std::string& value) {
  const auto at = value.find('@');
  return at != std::string::npos && at != 0 && at + 1 != value.size() &&
         value.find_first_of(" \t\r\n<>,;\"") == std::string::npos;
}

void set_mail_from(Config& config, const std::string& value) {
  if (!is_one_address(value)) refuse("must be one e-mail address, name@domain");
  config.mail_from = value;
}

void set_reply_mailbox(Config& config, const std::string& value) {
  if (!value.empty() && value != "off" && !is_one_address(value))
    refuse("must be one e-mail address, name@domain, or off");
  config.reply_mailbox = value;
}

void set_reminders(Config& config, const std::string& value) {
  const auto reminders = domain::parse_reminders(value);
  if (!reminders) refuse("must be up to six different times such as 7d,1d,2h, or off");
  config.reminders = *reminders;
}

void set_quiet_hours(Config& config, const std::string& value) {
  const auto hours = domain::parse_quiet_hours(value);
  if (!hours) refuse("must be HH:MM-HH:MM, or off");
  config.quiet_hours = *hours;
}

// "192.0.2.1, 10.0.0.0/8".
std::vector<std::string> items_by_comma(const std::string& value) {
  std::vector<std::string> items;
  for (std::size_t start = 0; start < value.size();) {
    auto end = value.find(',', start);
    if (end == std::string::npos) end = value.size();
    auto item = value.substr(start, end - start);
    item.erase(0, item.find_first_not_of(' '));
    item.erase(item.find_last_not_of(' ') + 1);
    if (item.empty()) refuse("must be addresses separated by commas");
    items.push_back(item);
    start = end + 1;
  }
  return items;
}

void set_dkim_selector(Config& config, const std::string& value) {
  const bool is_name = std::all_of(value.begin(), value.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
  });
  if (!is_name) refuse("must be letters, digits, hyphens and dots");
  config.dkim_selector = value;
}

void set_log(Config& config, const std::string& value) {
  if (value == "text")
    config.log = LogFormat::text;
  else if (value == "json")
    config.log = LogFormat::json;
  else
    refuse("must be text or json");
}

bool on_or_off(const std::string& value) {
  if (value != "on" && value != "off") refuse("must be on or off");
  return value == "on";
}

void set_database_owner(Config& config, const std::string& value) {
  if (!value.empty() && !value.starts_with("mysql://")) refuse("must start with mysql://");
  config.database_owner = value;
}

// "needs=30,question=180": days, of the fields named.
void set_retention(Config& config, const std::string& value) {
  for (std::size_t start = 0; start < value.size();) {
    const auto end = std::min(value.find(',', start), value.size());
    const auto item = value.substr(start, end - start);
    const auto equals = item.find('=');
    const auto field = equals == std::string::npos
                           ? std::nullopt
                           : domain::find_retained_field(item.substr(0, equals));
    if (!field) {
      std::string names;
      for (const auto known : domain::kRetainedFields)
        names.append(names.empty() ? "" : ", ").append(to_string(known));
      refuse("must be FIELD=DAYS by commas, of " + names);
    }
    config.retention.set(*field,
                         std::chrono::days(number_between<int>(item.substr(equals + 1), 1, 36500)));
    start = end + 1;
  }
}

std::string default_retention() {
  std::string text;
  const domain::RetentionPolicy policy;
  for (const auto field : domain::kRetainedFields)
    text.append(text.empty() ? "" : ",")
        .append(to_string(field))
        .append("=")
        .append(std::to_string(policy.kept(field).count()));
  return text;
}

void set_oidc_issuer(Config& config, const std::string& value) {
  if (!value.empty() && !value.starts_with("https://") && !value.starts_with("http://127.0.0.1"))
    refuse("must start with https://");
  config.oidc_issuer = value;
}

// "2G": octets, with K, M, G or T for powers of 1024.
std::uint64_t octets(const std::string& value) {
  constexpr std::string_view kUnits = "KMGT";
  const auto unit = value.empty() ? std::string_view::npos : kUnits.find(value.back());
  const auto digits = unit == std::string_view::npos ? value : value.substr(0, value.size() - 1);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const auto shift = unit == std::string_view::npos ? 0U : 10U * static_cast<unsigned>(unit + 1);
  if (error != std::errc() || digits.empty() || end != digits.data() + digits.size() ||
      number > (std::uint64_t{1} << 50) >> shift)
    refuse("must be a size such as 50M, 2G or 1T, at most 1024T");
  return number << shift;
}

template <std::uint64_t usecases::MaterialLimits::*limit>
void set_limit(Config& config, const std::string& value) {
  config.materials.*limit = octets(value);
}

void set_material_store(Config& config, const std::string& value) {
  if (!value.empty() && (!value.starts_with("s3://") || value.size() == 5))
    refuse("must be s3://bucket or s3://bucket/prefix, or empty");
  config.material_store = value;
}

void set_s3_endpoint(Config& config, const std::string& value) {
  if (!value.empty() && !value.starts_with("https://") && !value.starts_with("http://"))
    refuse("must start with https:// or http://");
  config.s3_endpoint = value;
  while (config.s3_endpoint.ends_with('/')) config.s3_endpoint.pop_back();
}

void set_s3_downloads(Config& config, const std::string& value) {
  if (value != "redirect" && value != "proxy") refuse("must be redirect or proxy");
  config.s3_redirects = value == "redirect";
}

const std::vector<Key>& keys() {
  static const std::vector<Key> all = {
      {{"NARADA_LISTEN", "127.0.0.1:8080",
        "address and port to serve HTTP on; port 0 takes a free one"},
       set_listen},
      {{"NARADA_BASE_URL", "http://127.0.0.1:8080",
        "where people reach the service; in links and mails"},
       set_base_url},
      {{"NARADA_DATABASE", "",
        "mysql://user:password@host[:port][,host…]/name[?ca=FILE] or …?socket=FILE (required)"},
       set_database},
      {{"NARADA_DATA", "var", "directory of materials, and of mail/ without an SMTP server"},
       [](Config& config, const std::string& value) { config.data = value; }},
      {{"NARADA_SHARE", "(the source tree)", "directory of web/ and sample/"},
       [](Config& config, const std::string& value) { config.share = value; }},
      {{"NARADA_ASSETS", "(beside the program)", "directory of the built stylesheets and fonts"},
       [](Config& config, const std::string& value) { config.assets = value; }},
      {{"NARADA_SMTP", "",
        "smtp://, smtps:// or smtp+starttls://[user:password@]host[:port]; empty: Maildir"},
       set_smtp},
      {{"NARADA_MAIL_FROM", "narada@localhost.localdomain",
        "sender of mails and organizer of invitations"},
       set_mail_from},
      {{"NARADA_MAIL_FROM_NAME", "Narada", "the sender's name"},
       [](Config& config, const std::string& value) { config.mail_from_name = value; }},
      {{"NARADA_REPLY_MAILBOX", "(NARADA_MAIL_FROM)",
        "mailbox that answers and bounces come to, at subaddresses name+…@domain; off: none is "
        "read"},
       set_reply_mailbox},
      {{"NARADA_MAIL_WORKERS", "4",
        "mails handed over at the same time by this process, each over a connection of its own (1 "
        "to 16)"},
       [](Config& config, const std::string& value) {
         config.mail_workers = number_between<unsigned>(value, 1, 16);
       }},
      {{"NARADA_MAIL_RATE", "0",
        "most mails a minute to one recipient domain, of all processes together, sign-in links "
        "besides; 0: no limit (to 100000)"},
       [](Config& config, const std::string& value) {
         config.mail_rate = number_between<int>(value, 0, 100'000);
       }},
      {{"NARADA_DKIM_SELECTOR", "",
        "selector that the mail server signs with; narada check looks its key up"},
       set_dkim_selector},
      {{"NARADA_DNS_SERVERS", "",
        "addresses with or without :port that narada check asks, by commas; empty: the machine's"},
       [](Config& config, const std::string& value) {
         config.dns_servers = items_by_comma(value);
       }},
      {{"NARADA_IMAP", "",
        "imaps://user:password@host[:port]/INBOX[?ca=FILE], the mailbox that answers and bounces "
        "come "
        "to, read every minute; imap:// takes STARTTLS. Empty: they are piped into narada mail "
        "receive"},
       [](Config& config, const std::string& value) { config.imap = value; }},
      {{"NARADA_TRUSTED_PROXIES", "",
        "addresses or networks whose X-Forwarded-* are believed, by commas"},
       [](Config& config, const std::string& value) {
         config.trusted_proxies = items_by_comma(value);
       }},
      {{"NARADA_THREADS", "32", "requests handled at once, and database connections (1 to 255)"},
       [](Config& config, const std::string& value) {
         config.threads = number_between<unsigned>(value, 1, 255);
       }},
      {{"NARADA_LOG", "text", "text or json, one line a request on standard error"}, set_log},
      {{"NARADA_HOLD_SECONDS", "300",
        "seconds before the mails of a changed meeting leave (0 to 86400)"},
       [](Config& config, const std::string& value) {
         config.hold_seconds = number_between<int>(value, 0, 86400);
       }},
      {{"NARADA_MAIL_GIVE_UP_HOURS", "120",
        "hours after which an undelivered mail counts as failed (1 to 720)"},
       [](Config& config, const std::string& value) {
         config.mail_give_up_hours = number_between<int>(value, 1, 720);
       }},
      {{"NARADA_REMINDERS", "7d,1d,2h",
        "how long before a meeting its people are reminded, in days (d) and hours (h) by commas; "
        "organizers can set others for a meeting; off: not at all"},
       set_reminders},
      {{"NARADA_QUIET_HOURS", "21:00-07:00",
        "when mail that can wait for the morning waits, in Polish time; off: never"},
       set_quiet_hours},
      {{"NARADA_RATE_LIMITS", "on",
        "on or off, counted for all processes together: 60 requests that cause mail at once from "
        "one address, then one each 5 s; 5 sign-in links for one mailbox, then one each 10 "
        "minutes. "
        "Tries of passwords and one-time codes are always limited"},
       [](Config& config, const std::string& value) { config.rate_limits = on_or_off(value); }},
      {{"NARADA_DATABASE_OWNER", "",
        "as NARADA_DATABASE, of the account that owns the tables: narada migrate uses it and "
        "grants "
        "the other what serving needs; empty: one account for both"},
       set_database_owner},
      {{"NARADA_SECRET_FILE", "(NARADA_DATA/secret.key)",
        "file of 32 random bytes, made when missing; every process of the installation needs the "
        "same"},
       [](Config& config, const std::string& value) { config.secret_file = value; }},
      {{"NARADA_STRONG_SIGN_IN", "off",
        "on or off: organizers and admins act only when signed in with password and one-time code"},
       [](Config& config, const std::string& value) { config.strong_sign_in = on_or_off(value); }},
      {{"NARADA_FETCH_PRIVATE", "off",
        "on or off: experts' calendars may lie at addresses of this machine or of a private "
        "network"},
       [](Config& config, const std::string& value) { config.fetch_private = on_or_off(value); }},
      {{"NARADA_OIDC_ISSUER", "",
        "issuer URL of an OpenID Connect provider; empty: no sign-in by an office's directory"},
       set_oidc_issuer},
      {{"NARADA_OIDC_CLIENT_ID", "", "client id at that provider"},
       [](Config& config, const std::string& value) { config.oidc_client_id = value; }},
      {{"NARADA_OIDC_CLIENT_SECRET", "", "client secret at that provider"},
       [](Config& config, const std::string& value) { config.oidc_client_secret = value; }},
      {{"NARADA_OIDC_NAME", "Katalog urzędu", "what the button of that sign-in calls it"},
       [](Config& config, const std::string& value) { config.oidc_name = value; }},
      {{"NARADA_RETENTION", default_retention(),
        "days for which each kind of personal data is kept; unnamed ones keep their default"},
       set_retention},
      {{"NARADA_OPERATOR_NAME", "Narada", "who answers for the installation and its data"},
       [](Config& config, const std::string& value) { config.operator_name = value; }},
      {{"NARADA_OPERATOR_ADDRESS", "", "the operator's postal address, one line"},
       [](Config& config, const std::string& value) { config.operator_address = value; }},
      {{"NARADA_OPERATOR_EMAIL", "(NARADA_MAIL_FROM)", "the operator's mailbox"},
       [](Config& config, const std::string& value) { config.operator_email = value; }},
      {{"NARADA_OPERATOR_PHONE", "", "the operator's telephone number"},
       [](Config& config, const std::string& value) { config.operator_phone = value; }},
      {{"NARADA_MATERIAL_STORE", "",
        "s3://bucket or s3://bucket/prefix: materials are kept there; empty: in "
        "NARADA_DATA/materials"},
       set_material_store},
      {{"NARADA_S3_ENDPOINT", "",
        "https://host[:port] of an S3-compatible store; empty: that of AWS in the region"},
       set_s3_endpoint},
      {{"NARADA_S3_REGION", "us-east-1", "region that its requests are signed for"},
       [](Config& config, const std::string& value) { config.s3_region = value; }},
      {{"NARADA_S3_KEY_ID", "", "id of the key that may read, write, list and delete there"},
       [](Config& config, const std::string& value) { config.s3_key_id = value; }},
      {{"NARADA_S3_SECRET", "", "the key itself"},
       [](Config& config, const std::string& value) { config.s3_secret = value; }},
      {{"NARADA_S3_DOWNLOADS", "redirect",
        "redirect: browsers fetch files from that store, by a link for five minutes; proxy: "
        "through this program"},
       set_s3_downloads},
      {{"NARADA_MATERIAL_FILE_LIMIT", "2G", "most of one file, with K, M, G or T"},
       set_limit<&usecases::MaterialLimits::file>},
      {{"NARADA_MATERIAL_FORM_LIMIT", "50M",
        "most of one file sent with a form without JavaScript"},
       set_limit<&usecases::MaterialLimits::form>},
      {{"NARADA_MATERIAL_EXPERT_LIMIT", "10G", "most of all files that one expert brings"},
       set_limit<&usecases::MaterialLimits::expert>},
      {{"NARADA_MATERIAL_MEETING_LIMIT", "20G", "most of all files of one meeting"},
       set_limit<&usecases::MaterialLimits::meeting>},
      {{"NARADA_MATERIAL_LIMIT", "500G", "most of all files together"},
       set_limit<&usecases::MaterialLimits::installation>},
      {{"NARADA_MATERIAL_SPARE", "1G", "room that uploads leave free on the disk"},
       set_limit<&usecases::MaterialLimits::spare>},
      {{"NARADA_CLAMAV", "",
        "socket of clamd, such as /run/clamav/clamd.ctl, or host:port: files wait until they are "
        "found clean; "
        "empty: they are not scanned"},
       [](Config& config, const std::string& value) { config.clamav = value; }},
  };
  return all;
}

void apply(Config& config, const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values) {
    const Key* found = nullptr;
    for (const auto& key : keys())
      if (key.description.name == name) found = &key;
    if (!found) throw ConfigError(name + ": no such setting (narada serve --help lists them)");
    if (value.find_first_of("\r\n") != std::string::npos || value.find('\0') != std::string::npos)
      throw ConfigError(name + ": must be one line");
    try {
      found->set(config, value);
    } catch (const ConfigError& error) {
      throw ConfigError(name + ": " + error.what());
    }
  }
}

}  // namespace

const std::vector<ConfigKey>& config_keys() {
  static const std::vector<ConfigKey> all = [] {
    std::vector<ConfigKey> names;
    for (const auto& key : keys()) names.push_back(key.description);
    return names;
  }();
  return all;
}

std::map<std::string, std::string> read_config_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw ConfigError(path.string() + ": cannot be read");
  std::map<std::string, std::string> values;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    const auto strip = [](std::string text) {
      text.erase(0, text.find_first_not_of(" \t\r"));
      text.erase(text.find_last_not_of(" \t\r") + 1);
      return text;
    };
    line = strip(line);
    if (line.empty() || line.front() == '#') continue;
    const auto equals = line.find('=');
    if (equals == std::string::npos)
      throw ConfigError(path.string() + ":" + std::to_string(number) + ": must be key = value");
    values[strip(line.substr(0, equals))] = strip(line.substr(equals + 1));
  }
  return values;
}

Config make_config(const std::map<std::string, std::string>& file,
                   const std::map<std::string, std::string>& environment) {
  Config config;
  apply(config, file);
  apply(config, environment);
  return config;
}

std::map<std::string, std::string> narada_environment() {
  std::map<std::string, std::string> values;
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (text.starts_with("NARADA_") && equals != std::string_view::npos)
      values.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return values;
}

}  // namespace narada
