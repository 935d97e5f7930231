#pragma once

#include <string>

#include "service/usecases/materials/upload_work.h"

namespace narada::http {

// Files on their way here, in the text format of /metrics.
std::string upload_metrics(const usecases::UploadStandings& standings);

}  // namespace narada::http
