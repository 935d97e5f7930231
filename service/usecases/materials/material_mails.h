#pragma once

#include <stop_token>

#include "service/domain/content_digest.h"
#include "service/domain/file_facts.h"
#include "service/usecases/environment.h"
#include "sql/connection.h"

namespace narada::usecases {

// Each returns how many mails it has written. Any number of processes may do this at once and be
// killed at any moment: a mail is written in one transaction with the row that says so.

// One mail per meeting or cycle to each participant, with all that they may read now and have not
// been told of, once some of it has stood for an hour. Nothing of organizers', ahead of its time,
// waiting to be inspected or not to be told of.
int tell_of_new_materials(const Environment& environment, const std::stop_token& stopping);
// One mail to each person who has taken an earlier version of a material than has been there for an
// hour, unless they have it already or may not read it any more.
int tell_of_newer_versions(const Environment& environment, const std::stop_token& stopping);

// To those who brought a file with this content, or a photo of an expert, and have not been told,
// that it is refused and how to mend it. In the transaction that writes the refusal, before that.
int tell_file_refused(storage::Connection& connection, const Environment& environment,
                      const domain::ContentDigest& digest, domain::FileRefusal refusal);

}  // namespace narada::usecases
