/* What other modules ask of gc. */
#pragma once
#include "object/object.h"

/* A list of every live object, untracked ones included; storage inside of objects is not among them. */
Value gc_every_object(Thread *t);
