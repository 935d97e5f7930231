#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace narada::testing {

// The OpenAPI document as an oracle for real answers: the subset of JSON Schema that it uses, and
// stricter than it in one way, that an answer may have no field the document does not name.
class Contract {
 public:
  // Reads service/http/api/openapi.json.
  Contract();
  explicit Contract(nlohmann::json document) : document_(std::move(document)) {}

  const nlohmann::json& document() const { return document_; }
  // "GET /api/v1/meetings/{id}", each method of each path.
  std::vector<std::pair<std::string, std::string>> operations() const;

  // How the value breaks the schema; empty when it does not.
  std::vector<std::string> violations(const nlohmann::json& value,
                                      const nlohmann::json& schema) const;
  // The same for an answer to `method` (upper case) of a path without its query. Answers of routes
  // that are not described, 405s and refusals of the edge are only checked as problems.
  std::vector<std::string> violations(std::string_view method, std::string_view path, int status,
                                      const std::string& content_type,
                                      const std::string& body) const;

 private:
  const nlohmann::json& resolved(const nlohmann::json& node) const;
  const nlohmann::json* find_path(std::string_view path) const;
  void check(const nlohmann::json& value, const nlohmann::json& schema, const std::string& where,
             std::vector<std::string>& found) const;
  void check_object(const nlohmann::json& value, const nlohmann::json& schema,
                    const std::string& where, std::vector<std::string>& found) const;

  nlohmann::json document_;
};

}  // namespace narada::testing
