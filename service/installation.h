#pragma once

#include <memory>
#include <optional>
#include <string>

#include "files/blob_store.h"
#include "files/clamav.h"
#include "notifications/composer.h"
#include "notifications/imap_mailbox.h"
#include "notifications/transport.h"
#include "service/arguments.h"
#include "service/config.h"
#include "service/domain/time.h"
#include "service/identity/oidc.h"
#include "service/usecases/catalogue_cache.h"
#include "service/usecases/environment.h"
#include "sql/pool.h"
#include "web/render.h"

namespace narada {

// The parts that every command works with, built from the configuration: database, use cases,
// texts, mail. Built once in the main thread; everything it hands out lives as long as it does.
class Installation {
 public:
  explicit Installation(Config config, std::size_t connections = 4);
  ~Installation();
  Installation(const Installation&) = delete;
  Installation& operator=(const Installation&) = delete;

  const Config& config() const { return config_; }
  storage::Pool& pool() { return *pool_; }
  const usecases::Environment& environment() const { return environment_; }
  const domain::Clock& clock() const { return clock_; }
  const usecases::CatalogueCache& catalogue() const { return catalogue_; }
  // Throws storage::Error when the database is not at the program's version.
  void require_current_schema();

  const web::Messages& messages();
  const web::Renderer& renderer();
  const notifications::Composer& composer();
  // A new one each time: one thread at a time uses a transport.
  std::unique_ptr<notifications::MailTransport> make_transport() const;
  // Absent: none is read.
  std::optional<notifications::ImapMailbox> make_reply_mailbox() const;
  // Null: files are not scanned.
  const files::ClamAv* scanner() const { return scanner_.get(); }

 private:
  Config config_;
  domain::SystemClock clock_;
  usecases::CatalogueCache catalogue_;
  std::unique_ptr<storage::Pool> pool_;
  std::unique_ptr<identity::OidcProvider> oidc_;
  std::unique_ptr<files::BlobStore> blobs_;
  std::unique_ptr<files::ClamAv> scanner_;
  usecases::Environment environment_;
  std::unique_ptr<web::Messages> messages_;
  std::unique_ptr<web::Renderer> renderer_;
  std::unique_ptr<notifications::MailWordings> wordings_;
  std::unique_ptr<notifications::Composer> composer_;
};

// The configuration of this process: --config FILE, then the environment. Throws ConfigError.
Config load_config(const Arguments& arguments);

}  // namespace narada
