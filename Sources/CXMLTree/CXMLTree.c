#include "CXMLTree.h"
