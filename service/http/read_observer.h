#pragma once

#include "service/http/message.h"
#include "service/http/router.h"
#include "service/usecases/reads/page_reads.h"

namespace narada::http {

// Counts an answer that a person has got of a public page of one practice, meeting, cycle or
// material. Programs, fetches ahead of a click and failed answers do not count. Keeps nothing of
// the request.
void note_reading(usecases::ReadCounter& counter, const Request& request,
                  const Router::Match& match, int status, domain::Instant now);

}  // namespace narada::http
