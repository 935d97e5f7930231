#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/material.h"
#include "tests/http/site/whole_site.h"

namespace narada::testing {

// Puts materials with files into a site as if they had been brought and inspected.
class ReadingRoom {
 public:
  WholeSite& site() { return site_; }

  struct Sheet {
    std::string title = "Karta pracy";
    std::string content = "treść karty";
    std::string file_name = "Zażółć gęślą jaźń.pdf";
    std::string media_type = "application/pdf";
    std::string state = "ready";
    std::string section = {};
    domain::MaterialKind kind = domain::MaterialKind::handbook;
    domain::MaterialAccess access = domain::MaterialAccess::everybody;
    std::optional<domain::Instant> available_from = {};
    bool has_thumbnail = false;
  };
  domain::MaterialId add(const domain::MaterialOwner& owner, const Sheet& sheet);
  void add_version(domain::MaterialId material, const Sheet& sheet, const std::string& note);
  // Keeps the content; its digest.
  domain::ContentDigest store(const std::string& content, const Sheet& sheet);

 private:
  WholeSite site_;
  TemporaryDirectory files_;
};

std::string address_of(domain::MaterialId material, const std::string& part = {});

}  // namespace narada::testing
