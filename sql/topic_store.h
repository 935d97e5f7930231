#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "service/domain/meeting.h"
#include "sql/connection.h"

namespace narada::storage {

// By name in Polish order.
std::vector<domain::TopicRef> list_topics(Connection& connection);
// By slug, or by id where the key is a number.
std::optional<domain::TopicRef> find_topic(Connection& connection, std::string_view key);
// Throws Duplicate when the slug is taken.
domain::TopicId insert_topic(Connection& connection, const domain::TopicRef& topic);

}  // namespace narada::storage
