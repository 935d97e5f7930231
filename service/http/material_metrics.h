#pragma once

#include <string>

#include "service/usecases/materials/scrub.h"

namespace narada::http {

// Files of materials for GET /metrics: narada_materials_files, _octets, _missing and _free_octets,
// and of the last comparison with the store narada_materials_scrub_* with its time, as long as
// there was one.
std::string material_metrics(const usecases::MaterialGauges& gauges);

}  // namespace narada::http
