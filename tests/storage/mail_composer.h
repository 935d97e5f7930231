#pragma once

#include "notifications/composer.h"

namespace narada::testing {

// Over the project's own texts and templates; lives to the end of the process.
const notifications::Composer& mail_composer();

}  // namespace narada::testing
