#pragma once

#include <cppconn/exception.h>

#include <string_view>

#include "sql/error.h"

namespace narada::storage {

// What an error number of the server or of the client library means to a transaction.
enum class Trouble { other, duplicate, conflict, unavailable };
Trouble classify(int code);

// The session cannot be used again, whatever the statement was.
bool session_lost(int code);

// The statement cache of the session no longer matches the server.
bool statements_stale(int code);

// Throws the storage::Error that `classify` names. `sql` is the statement's text without its
// values.
[[noreturn]] void throw_storage_error(const sql::SQLException& error, std::string_view sql);

}  // namespace narada::storage
