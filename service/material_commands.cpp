#include "service/material_commands.h"

#include <unistd.h>

#include <iostream>
#include <stdexcept>

#include "service/arguments.h"
#include "service/installation.h"
#include "service/usecases/materials/scrub.h"

namespace narada {

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

}  // namespace narada
