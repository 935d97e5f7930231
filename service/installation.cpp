#include "service/installation.h"

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "calendar/event.h"
#include "files/local_blobs.h"
#include "files/s3_blobs.h"
#include "service/secret_key.h"
#include "service/usecases/mails/stored_wordings.h"
#include "sql/migrations.h"

namespace narada {
namespace {

std::filesystem::path program_directory() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::filesystem::current_path() : program.parent_path();
}

web::View read_manifest(const std::filesystem::path& assets) {
  std::ifstream file(assets / "manifest.json");
  if (!file) throw ConfigError("NARADA_ASSETS: no manifest.json in " + assets.string());
  return web::View::parse(file);
}

usecases::Environment make_environment(const Config& config, storage::Pool& pool,
                                       const domain::Clock& clock,
                                       usecases::CatalogueCache& catalogue) {
  usecases::Environment environment;
  environment.pool = &pool;
  environment.clock = &clock;
  environment.base_url = config.base_url;
  environment.mail_from = config.mail_from;
  environment.mail_from_name = config.mail_from_name;
  if (config.reply_mailbox != "off") environment.reply_mailbox = config.reply_mailbox;
  environment.hold_seconds = config.hold_seconds;
  environment.mail_give_up_hours = config.mail_give_up_hours;
  environment.reminders = config.reminders;
  environment.quiet_hours = config.quiet_hours;
  environment.catalogue = &catalogue;
  environment.strong_sign_in = config.strong_sign_in;
  environment.retention = config.retention;
  return environment;
}

// Where the provider sends people back to; registered there.
constexpr const char* kOidcReturnPath = "/wejscie/urzad/powrot";

// Absent without an issuer.
std::unique_ptr<identity::OidcProvider> make_oidc_provider(const Config& config,
                                                           const domain::Clock& clock) {
  if (config.oidc_issuer.empty()) return nullptr;
  if (config.oidc_client_id.empty())
    throw ConfigError("NARADA_OIDC_CLIENT_ID: is required with NARADA_OIDC_ISSUER");
  identity::OidcSettings settings;
  settings.issuer = config.oidc_issuer;
  settings.client_id = config.oidc_client_id;
  settings.client_secret = config.oidc_client_secret;
  settings.name = config.oidc_name;
  settings.return_url = config.base_url + kOidcReturnPath;
  settings.report = [](const std::string& line) { std::cerr << line + "\n" << std::flush; };
  try {
    return std::make_unique<identity::OidcProvider>(std::move(settings), clock);
  } catch (const std::invalid_argument& error) {
    throw ConfigError(std::string("NARADA_OIDC_ISSUER: ") + error.what());
  }
}

// Null without an address.
std::unique_ptr<files::ClamAv> make_scanner(const Config& config) {
  if (config.clamav.empty()) return nullptr;
  try {
    return std::make_unique<files::ClamAv>(config.clamav.string());
  } catch (const std::invalid_argument& error) {
    throw ConfigError(std::string("NARADA_CLAMAV: ") + error.what());
  }
}

// Files on their way here, on the file system of the store where that is a folder.
std::filesystem::path make_upload_directory(const Config& config) {
  const auto directory = config.data / "uploads";
  std::filesystem::create_directories(directory);
  std::filesystem::permissions(directory, std::filesystem::perms::owner_all);
  return directory;
}

void report_stray(const std::string& name) {
  std::cerr << "materials: no file of ours: " + name + "\n";
}

std::unique_ptr<files::BlobStore> make_s3_store(const Config& config,
                                                const std::filesystem::path& scratch) {
  if (config.s3_key_id.empty() || config.s3_secret.empty())
    throw ConfigError("NARADA_S3_KEY_ID and NARADA_S3_SECRET: are required for " +
                      config.material_store);
  auto path = config.material_store.substr(std::string_view("s3://").size());
  while (path.ends_with('/')) path.pop_back();
  const auto slash = path.find('/');
  files::S3Blobs::Options options;
  options.store.endpoint = config.s3_endpoint;
  options.store.bucket = path.substr(0, slash);
  options.store.key = {config.s3_key_id, config.s3_secret, config.s3_region};
  if (slash != std::string::npos) options.prefix = path.substr(slash + 1);
  options.redirects = config.s3_redirects;
  options.scratch = scratch;
  options.report_stray = report_stray;
  try {
    return std::make_unique<files::S3Blobs>(std::move(options));
  } catch (const std::invalid_argument& error) {
    throw ConfigError(std::string("NARADA_S3_ENDPOINT: ") + error.what());
  }
}

std::unique_ptr<files::BlobStore> make_blob_store(const Config& config,
                                                  const std::filesystem::path& scratch) {
  if (!config.material_store.empty()) return make_s3_store(config, scratch);
  return std::make_unique<files::LocalBlobs>(config.data / "materials", report_stray);
}

Config with_defaults(Config config) {
  if (config.share.empty()) config.share = NARADA_SHARE_DIRECTORY;
  if (config.assets.empty()) config.assets = program_directory().parent_path() / "assets";
  if (config.secret_file.empty()) config.secret_file = config.data / "secret.key";
  if (config.reply_mailbox.empty()) config.reply_mailbox = config.mail_from;
  if (config.operator_email.empty()) config.operator_email = config.mail_from;
  if (config.database.empty()) throw ConfigError("NARADA_DATABASE: is required");
  return config;
}

}  // namespace

Installation::Installation(Config config, std::size_t connections)
    : config_(with_defaults(std::move(config))) {
  calendar::initialize();
  storage::DatabaseAddress address;
  try {
    address = storage::parse_database_address(config_.database);
  } catch (const std::invalid_argument& error) {
    throw ConfigError(std::string("NARADA_DATABASE: ") + error.what());
  }
  storage::PoolOptions options;
  options.size = connections;
  pool_ = std::make_unique<storage::Pool>(std::move(address), options);
  environment_ = make_environment(config_, *pool_, clock_, catalogue_);
  environment_.secret_key = load_secret_key(config_.secret_file);
  oidc_ = make_oidc_provider(config_, clock_);
  environment_.oidc = oidc_.get();
  environment_.uploads = make_upload_directory(config_);
  blobs_ = make_blob_store(config_, environment_.uploads);
  scanner_ = make_scanner(config_);
  environment_.blobs = blobs_.get();
  environment_.materials = config_.materials;
}

Installation::~Installation() = default;

void Installation::require_current_schema() {
  const int found = storage::schema_version(*pool_);
  const int newest = storage::all_migrations().back().version;
  if (found < newest)
    throw storage::Error(0, "the database is at version " + std::to_string(found) + " of " +
                                std::to_string(newest) + ": run narada migrate");
  if (found > newest)
    throw storage::Error(0, "the database is at version " + std::to_string(found) +
                                ", newer than this program (" + std::to_string(newest) +
                                "): install the newer program");
}

const web::Messages& Installation::messages() {
  if (!messages_) messages_ = std::make_unique<web::Messages>(config_.share / "web" / "locales");
  return *messages_;
}

const web::Renderer& Installation::renderer() {
  if (!renderer_)
    renderer_ = std::make_unique<web::Renderer>(config_.share / "web", messages(),
                                                read_manifest(config_.assets));
  return *renderer_;
}

const notifications::Composer& Installation::composer() {
  if (!composer_) {
    wordings_ = std::make_unique<usecases::StoredWordings>(environment_);
    composer_ = std::make_unique<notifications::Composer>(
        renderer(), messages(),
        notifications::Sender{config_.mail_from, config_.mail_from_name, config_.base_url},
        wordings_.get());
  }
  return *composer_;
}

std::unique_ptr<notifications::MailTransport> Installation::make_transport() const {
  const auto host = config_.mail_from.substr(config_.mail_from.find('@') + 1);
  try {
    return notifications::make_mail_transport(config_.smtp, config_.data / "mail", host);
  } catch (const std::invalid_argument& error) {
    throw ConfigError(std::string("NARADA_SMTP: ") + error.what());
  }
}

std::optional<notifications::ImapMailbox> Installation::make_reply_mailbox() const {
  if (config_.imap.empty()) return std::nullopt;
  try {
    return notifications::ImapMailbox(config_.imap);
  } catch (const std::invalid_argument& error) {
    throw ConfigError(std::string("NARADA_IMAP: ") + error.what());
  }
}

Config load_config(const Arguments& arguments) {
  std::map<std::string, std::string> file;
  if (const auto path = arguments.find("config")) file = read_config_file(*path);
  return make_config(file, narada_environment());
}

}  // namespace narada
