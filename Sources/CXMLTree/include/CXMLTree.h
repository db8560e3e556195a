#pragma once

#include <stddef.h>
#include <stdint.h>

// A small tree of an XML document, built by libxml2's SAX2 callbacks. Nothing of libxml2 shows here: its headers
// clash with Foundation. A tree of libxml2's own has neither columns nor lines beyond 65535; this one has the place
// of every node as an offset into the input.

/// A piece of `text` in the tree.
typedef struct {
    uint32_t start;
    uint32_t count;
} filsluse_xml_span;

typedef struct {
    /// `value` is the namespace that `name` (empty: the default) stands for.
    uint8_t is_declaration;
    filsluse_xml_span prefix, namespace_uri, name, value;
} filsluse_xml_attribute;

/// An element, or a run of text (comments and processing instructions within it left out, CDATA kept).
typedef struct {
    uint8_t is_text;
    /// Where the start tag or the run of text begins in the input, in bytes.
    uint32_t offset;
    /// The index of the first node that is not inside this one: children lie between.
    uint32_t next;
    filsluse_xml_span prefix, namespace_uri;
    /// The local name of an element, or the text.
    filsluse_xml_span name;
    uint32_t first_attribute, attribute_count;
} filsluse_xml_node;

typedef enum {
    FILSLUSE_XML_WELL_FORMED,
    FILSLUSE_XML_NOT_WELL_FORMED,
    FILSLUSE_XML_DOCTYPE,
    FILSLUSE_XML_TOO_DEEP,
    FILSLUSE_XML_TOO_MANY_ELEMENTS,
    FILSLUSE_XML_TOO_MANY_ATTRIBUTES,
    FILSLUSE_XML_NAME_TOO_LONG,
    FILSLUSE_XML_NO_MEMORY,
} filsluse_xml_outcome;

typedef struct {
    size_t maximum_depth, maximum_elements, maximum_attributes, maximum_name;
} filsluse_xml_limits;

typedef struct {
    filsluse_xml_outcome outcome;
    /// What libxml2 says about an input that is not well-formed: its error number and its sentence.
    int code;
    char message[256];
    /// Where reading stopped, in bytes of the input.
    size_t stopped_at;
    /// How many elements were open there, and how many start tags had been read.
    size_t open_elements, started_elements;
    /// The nodes in document order, the root first; none unless well-formed.
    const filsluse_xml_node *nodes;
    uint32_t node_count;
    const filsluse_xml_attribute *attributes;
    /// UTF-8.
    const char *text;
} filsluse_xml_tree;

/// Sets libxml2 up for the process, once; any thread, any number of times.
void filsluse_xml_set_up(void);

/// Reads UTF-8 without a byte order mark, whatever its declaration says: no DTD, no network, no recovery.
/// NULL only when there is no memory for the tree itself.
const filsluse_xml_tree *filsluse_xml_parse(const uint8_t *bytes, size_t count, filsluse_xml_limits limits);

void filsluse_xml_free(const filsluse_xml_tree *tree);
