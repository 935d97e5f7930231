#pragma once

#include <optional>
#include <string_view>

#include "service/usecases/environment.h"
#include "sql/connection.h"
#include "sql/mail_delivery_store.h"

namespace narada::usecases {

// Why a mail that its recipient can do without is not sent after all: "unwanted", they have
// switched the kind off since it was written; kOvertaken, a reminder of what is not true any more:
// changed, cancelled, begun, or the person has no place there. Absent: it may go. Reads only.
inline constexpr std::string_view kOvertaken = "overtaken";
std::optional<std::string_view> why_unwanted(storage::Connection& connection,
                                             const Environment& environment,
                                             const storage::ClaimedMail& mail);

}  // namespace narada::usecases
