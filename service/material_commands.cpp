#include "service/material_commands.h"

#include <sys/stat.h>
#include <unistd.h>

#include <iostream>
#include <stdexcept>

#include "service/arguments.h"
#include "service/backup.h"
#include "service/installation.h"
#include "service/usecases/materials/inspection.h"
#include "service/usecases/materials/scrub.h"
#include "service/usecases/materials/upload_work.h"
#include "sql/migrations.h"
#include "sql/serving_account.h"

namespace narada {
namespace {

std::string only_operand(const Arguments& arguments) {
  if (arguments.operands.size() != 1) throw UsageError("exactly one FILE is expected");
  return arguments.operands.front();
}

// With the account that owns the tables, where there is one.
Config as_owner(Config config) {
  if (!config.database_owner.empty()) config.database = config.database_owner;
  return config;
}

BackupParts parts_of(Installation& installation) {
  BackupParts parts;
  parts.database = storage::parse_database_address(installation.config().database);
  parts.pool = &installation.pool();
  parts.blobs = installation.environment().blobs;
  parts.scratch = installation.environment().uploads;
  parts.secret_key = installation.environment().secret_key;
  parts.clock = &installation.clock();
  return parts;
}

// A backup has what is in the store, and not what waits to be brought there.
void store_what_came(Installation& installation) {
  const auto report = [](std::string_view line) { std::cerr << "uploads: " << line << '\n'; };
  while (usecases::store_received_uploads(installation.environment(), report)) {
  }
}

void tell(const BackupReport& report) {
  for (const auto& digest : report.missing) std::cerr << "missing: file " << digest << '\n';
  for (const auto& digest : report.damaged) std::cerr << "damaged: file " << digest << '\n';
  for (const auto& version : report.incomplete) std::cerr << "incomplete: " << version << '\n';
}

}  // namespace

int scrub_materials_command(const std::vector<std::string>& given) {
  auto words = given;
  usecases::ScrubOptions options;
  options.mend = std::erase(words, "--mend") > 0;
  options.report = [](std::string_view line) { std::cout << line << '\n'; };
  const auto arguments = parse_arguments(words, {"config"});
  if (!arguments.operands.empty())
    throw UsageError("unexpected word: " + arguments.operands.front());
  Installation installation(load_config(arguments));
  installation.require_current_schema();
  usecases::Call call;
  call.actor.kind = usecases::Actor::Kind::system;
  call.request_id = "cli-scrub";
  const auto outcome = usecases::scrub_materials(installation.environment(), call,
                                                 "scrub-" + std::to_string(::getpid()), options);
  if (!outcome.ok()) throw std::runtime_error("another process compares the files already");
  const auto& report = outcome.value();
  std::cout << report.files << " files compared (" << report.octets << " octets), "
            << report.missing << " missing, " << report.damaged
            << (options.mend ? " damaged and removed, " : " damaged, ") << report.unnamed
            << " forgotten, " << report.orphans << " orphans removed\n";
  return report.missing + report.damaged == 0 ? 0 : 1;
}

int inspect_materials_command(const std::vector<std::string>& given) {
  auto words = given;
  const bool again = std::erase(words, "--again") > 0;
  const auto arguments = parse_arguments(words, {"config"});
  if (!arguments.operands.empty())
    throw UsageError("unexpected word: " + arguments.operands.front());
  if (!again) throw UsageError("--again is expected");
  Installation installation(load_config(arguments));
  installation.require_current_schema();
  usecases::Call call;
  call.actor.kind = usecases::Actor::Kind::system;
  call.request_id = "cli-inspect";
  std::cout << usecases::inspect_materials_again(installation.environment(), call)
            << " files will be looked into again\n";
  return 0;
}

int backup_command(const std::vector<std::string>& words) {
  const auto arguments = parse_arguments(words, {"config"});
  const auto file = only_operand(arguments);
  ::umask(077);
  Installation installation(as_owner(load_config(arguments)));
  installation.require_current_schema();
  store_what_came(installation);
  const auto report = write_backup(parts_of(installation), file);
  tell(report);
  std::cout << file << ": the database and " << report.files << " files (" << report.octets
            << " octets)\nThe secret key is not in it: keep a copy of "
            << installation.config().secret_file.string() << " in another place.\n";
  return report.missing.empty() && report.damaged.empty() && report.incomplete.empty() ? 0 : 1;
}

int restore_command(const std::vector<std::string>& given) {
  auto words = given;
  RestoreOptions options;
  options.over_other = std::erase(words, "--force") > 0;
  options.other_key = std::erase(words, "--other-key") > 0;
  const auto arguments = parse_arguments(words, {"config"});
  const auto file = only_operand(arguments);
  ::umask(077);
  const auto config = load_config(arguments);
  Installation installation(as_owner(config));
  const auto report = restore_backup(parts_of(installation), file, options);
  tell(report);
  if (config.database != installation.config().database)
    storage::grant_serving_rights(installation.pool(),
                                  storage::parse_database_address(config.database));
  std::cout << file << ": the database and " << report.files << " files (" << report.octets
            << " octets) are restored\nMail is paused, for what waits may have been sent after "
               "the backup: look at it in the panel, under Poczta, and let it go.\n";
  return report.missing.empty() && report.damaged.empty() ? 0 : 1;
}

}  // namespace narada
