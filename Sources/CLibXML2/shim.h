#include <libxml/SAX2.h>
