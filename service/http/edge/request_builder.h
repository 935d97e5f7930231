#pragma once

#include "service/http/edge/request_parser.h"
#include "service/http/message.h"

namespace narada::http::edge {

// Makes the head into a Request: method, decoded path and query, fields. Takes the head's strings.
// Returns 0, or the status that refuses it: 501 for a method we do not know, 400 for a target that
// does not decode cleanly.
int build_request(RequestHead& head, Request& request);

}  // namespace narada::http::edge
