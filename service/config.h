#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/quiet_hours.h"
#include "service/domain/reminder.h"
#include "service/domain/retention.h"
#include "service/usecases/environment.h"

namespace narada {

enum class LogFormat { text, json };

// Everything that can be set, read and checked once at start. Nobody else reads the environment.
struct Config {
  std::string listen_host = "127.0.0.1";
  std::uint16_t listen_port = 8080;
  std::string base_url = "http://127.0.0.1:8080";  // without a slash at the end
  std::string database;                            // mysql://…, see sql/connection.h
  std::filesystem::path data = "var";  // materials, and mail/ when there is no SMTP server
  std::filesystem::path share;         // pages, texts and sample data of the program
  std::filesystem::path assets;        // built stylesheets, fonts and their manifest
  std::string smtp;                    // empty: mails go to data/mail as a Maildir
  std::string mail_from = "narada@localhost.localdomain";
  std::string mail_from_name = "Narada";
  std::string reply_mailbox;  // where answers are read; empty: mail_from; "off": nowhere
  unsigned mail_workers = 4;
  int mail_rate = 0;                     // mails a minute to one domain; 0: any
  std::string dkim_selector;             // for `narada check`; empty: not looked up
  std::vector<std::string> dns_servers;  // for `narada check`; empty: those of the machine
  std::string imap;  // imap(s)://…, of the mailbox where answers are; empty: none is read
  std::vector<std::string> trusted_proxies;
  unsigned threads = 32;  // handlers, and as many database connections
  LogFormat log = LogFormat::text;
  int hold_seconds = 300;
  int mail_give_up_hours = 120;
  std::vector<domain::ReminderOffset> reminders = {{7, domain::ReminderOffset::Unit::days},
                                                   {1, domain::ReminderOffset::Unit::days},
                                                   {2, domain::ReminderOffset::Unit::hours}};
  domain::QuietHours quiet_hours = {std::chrono::hours(21), std::chrono::hours(7)};
  bool rate_limits = true;
  std::string database_owner;         // mysql://…, for migrate alone; empty: the same as database
  std::filesystem::path secret_file;  // 32 random bytes; empty: data/secret.key, made when missing
  bool strong_sign_in = false;
  bool fetch_private = false;  // calendars of experts may lie in private networks
  std::string oidc_issuer;     // empty: no directory of an office
  std::string oidc_client_id;
  std::string oidc_client_secret;
  std::string oidc_name = "Katalog urzędu";  // on the button
  domain::RetentionPolicy retention;
  std::string operator_name = "Narada";  // who answers for the installation: the controller of data
  std::string operator_address;          // street, code, town
  std::string operator_email;            // empty: mail_from
  std::string operator_phone;
  std::string material_store;           // s3://bucket/prefix; empty: data/materials
  std::string s3_endpoint;              // https://host[:port]; empty: that of AWS in the region
  std::string s3_region = "us-east-1";  // as the signature names it
  std::string s3_key_id;
  std::string s3_secret;     // never written anywhere
  bool s3_redirects = true;  // downloads come from there; false: through this program
  usecases::MaterialLimits materials;
  std::filesystem::path clamav;  // socket of clamd; empty: files are not scanned
};

// One line that names the key and the rule it breaks.
class ConfigError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// What a key is called, what it means, its unit and default; for --help.
struct ConfigKey {
  std::string_view name;  // "NARADA_LISTEN"
  std::string default_value;
  std::string_view meaning;
};
const std::vector<ConfigKey>& config_keys();

// Reads "key = value" lines ('#' starts a comment line). Throws ConfigError with the line's number.
std::map<std::string, std::string> read_config_file(const std::filesystem::path& path);

// The environment wins over the file. Throws ConfigError.
Config make_config(const std::map<std::string, std::string>& file,
                   const std::map<std::string, std::string>& environment);

// Every NARADA_* variable of this process.
std::map<std::string, std::string> narada_environment();

}  // namespace narada
