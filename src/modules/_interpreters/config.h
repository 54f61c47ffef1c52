/* _interpreters.new_config and what create makes of a configuration. */
#pragma once
#include "object/isolate.h"

/* From None, a name or an object with such attributes. false: exception pending. */
bool features_from_object(Thread *t, Value config, IsolateFeatures *features);
bool features_named(Thread *t, const char *name, IsolateFeatures *features);
bool features_update(Thread *t, Value dict, bool all_required, IsolateFeatures *features);
Value features_object(Thread *t, const IsolateFeatures *features); /* a SimpleNamespace */
