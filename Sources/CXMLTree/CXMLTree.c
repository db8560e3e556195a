#define _GNU_SOURCE
#include "CXMLTree.h"

#include <libxml/parser.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// A list that grows by doubling.
typedef struct {
    void *items;
    size_t count, room, item_size;
} list;

// A namespace declaration in scope. libxml2 keeps each URI once, so the pointer tells it; so do we.
typedef struct {
    const xmlChar *uri;
    filsluse_xml_span span;
} scope_entry;

typedef struct {
    filsluse_xml_tree tree; // first, so that a pointer to the tree is one to its builder
    filsluse_xml_limits limits;
    xmlParserCtxtPtr parser;
    const uint8_t *input;
    size_t input_count;
    size_t markup_end; // where the last tag ended: text begins there
    list nodes, attributes, text;
    list open;  // uint32_t: the index of each open element's node
    list scope; // scope_entry
    list scope_starts; // uint32_t: how many were in scope before each open element
    size_t started;
    int in_text;
} builder;

static void stop(builder *b, filsluse_xml_outcome outcome, size_t offset) {
    if (b->tree.outcome != FILSLUSE_XML_WELL_FORMED) return;
    b->tree.outcome = outcome;
    b->tree.stopped_at = offset < b->input_count ? offset : b->input_count;
    b->tree.open_elements = b->open.count;
    b->tree.started_elements = b->started;
    // What libxml2 does at a fatal error. Its xmlStopParser frees the input that its own functions may still read.
    b->parser->disableSAX = 1;
    if (b->parser->errNo == XML_ERR_OK) b->parser->errNo = XML_ERR_USER_STOP;
}

static void *add(builder *b, list *l, size_t count) {
    if (l->count + count > l->room) {
        size_t room = l->room ? l->room : 64;
        while (room < l->count + count) room *= 2;
        void *items = realloc(l->items, room * l->item_size);
        if (!items) {
            stop(b, FILSLUSE_XML_NO_MEMORY, 0);
            return NULL;
        }
        l->items = items;
        l->room = room;
    }
    void *place = (char *)l->items + l->count * l->item_size;
    l->count += count;
    return place;
}

static filsluse_xml_span keep(builder *b, const void *bytes, size_t count) {
    filsluse_xml_span span = {(uint32_t)b->text.count, (uint32_t)count};
    void *place = count ? add(b, &b->text, count) : NULL;
    if (!place) span.count = 0;
    else memcpy(place, bytes, count);
    return span;
}

static size_t offset_now(const builder *b) {
    const xmlParserInput *input = b->parser->input;
    return input ? input->consumed + (size_t)(input->cur - input->base) : b->input_count;
}

static filsluse_xml_span keep_name(builder *b, const xmlChar *name) {
    size_t count = name ? strlen((const char *)name) : 0;
    if (count > b->limits.maximum_name) stop(b, FILSLUSE_XML_NAME_TOO_LONG, offset_now(b));
    return keep(b, name, count <= b->limits.maximum_name ? count : 0);
}

static filsluse_xml_span namespace_of(builder *b, const xmlChar *uri) {
    if (!uri) return (filsluse_xml_span){0, 0};
    const scope_entry *entries = b->scope.items;
    for (size_t i = b->scope.count; i > 0; i--) {
        if (entries[i - 1].uri == uri) return entries[i - 1].span;
    }
    return keep_name(b, uri); // the namespace of the prefix "xml", which nobody declares
}

static void keep_declarations(builder *b, int count, const xmlChar **pairs) {
    for (int i = 0; i < count; i++) {
        filsluse_xml_attribute *declaration = add(b, &b->attributes, 1);
        scope_entry *entry = add(b, &b->scope, 1);
        if (!declaration || !entry) return;
        memset(declaration, 0, sizeof *declaration);
        declaration->is_declaration = 1;
        declaration->name = keep_name(b, pairs[2 * i]);
        declaration->value = keep_name(b, pairs[2 * i + 1]);
        *entry = (scope_entry){pairs[2 * i + 1], declaration->value};
    }
}

static void keep_attributes(builder *b, int count, const xmlChar **fives) {
    for (int i = 0; i < count; i++, fives += 5) {
        filsluse_xml_attribute *attribute = add(b, &b->attributes, 1);
        if (!attribute) return;
        memset(attribute, 0, sizeof *attribute);
        attribute->name = keep_name(b, fives[0]);
        attribute->prefix = keep_name(b, fives[1]);
        attribute->namespace_uri = namespace_of(b, fives[2]);
        attribute->value = keep(b, fives[3], (size_t)(fives[4] - fives[3]));
    }
}

static void start_element(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                          int namespace_count, const xmlChar **namespaces, int attribute_count, int defaulted,
                          const xmlChar **attributes) {
    (void)defaulted; // without a DTD there are none
    builder *b = context;
    if (b->tree.outcome != FILSLUSE_XML_WELL_FORMED) return;
    // The parser stands before the tag's end, and no start tag holds another '<'.
    size_t end = offset_now(b), offset = end < b->input_count ? end : b->input_count - 1;
    while (offset > 0 && b->input[offset] != '<') offset--;
    while (end < b->input_count && b->input[end] != '>') end++;
    b->markup_end = end + 1;
    b->in_text = 0;
    b->started++;

    if (b->open.count >= b->limits.maximum_depth) return stop(b, FILSLUSE_XML_TOO_DEEP, offset);
    if (b->started > b->limits.maximum_elements) return stop(b, FILSLUSE_XML_TOO_MANY_ELEMENTS, offset);
    if (b->scope.count + (size_t)namespace_count > b->limits.maximum_attributes)
        return stop(b, FILSLUSE_XML_TOO_MANY_ATTRIBUTES, offset);

    uint32_t *scope_start = add(b, &b->scope_starts, 1);
    uint32_t *open = add(b, &b->open, 1);
    if (!scope_start || !open) return;
    *scope_start = (uint32_t)b->scope.count;
    *open = (uint32_t)b->nodes.count;

    filsluse_xml_node node = {.offset = (uint32_t)offset, .first_attribute = (uint32_t)b->attributes.count};
    keep_declarations(b, namespace_count, namespaces);
    keep_attributes(b, attribute_count, attributes);
    node.attribute_count = (uint32_t)b->attributes.count - node.first_attribute;
    node.prefix = keep_name(b, prefix);
    node.namespace_uri = namespace_of(b, uri);
    node.name = keep_name(b, name);
    filsluse_xml_node *place = add(b, &b->nodes, 1);
    if (place) *place = node;
}

static void end_element(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    (void)name, (void)prefix, (void)uri;
    builder *b = context;
    if (b->tree.outcome != FILSLUSE_XML_WELL_FORMED || b->open.count == 0) return;
    b->open.count--;
    b->scope_starts.count--;
    b->scope.count = ((uint32_t *)b->scope_starts.items)[b->scope_starts.count];
    uint32_t index = ((uint32_t *)b->open.items)[b->open.count];
    ((filsluse_xml_node *)b->nodes.items)[index].next = (uint32_t)b->nodes.count;
    b->markup_end = offset_now(b);
    b->in_text = 0;
}

static void characters(void *context, const xmlChar *bytes, int count) {
    builder *b = context;
    if (b->tree.outcome != FILSLUSE_XML_WELL_FORMED || b->open.count == 0 || count <= 0) return;
    if (!b->in_text) {
        filsluse_xml_node *node = add(b, &b->nodes, 1);
        if (!node) return;
        memset(node, 0, sizeof *node);
        node->is_text = 1;
        node->offset = (uint32_t)b->markup_end;
        node->next = (uint32_t)b->nodes.count;
        node->name.start = (uint32_t)b->text.count;
        b->in_text = 1;
    }
    // Nothing else is kept between the pieces of one run, so they join up.
    filsluse_xml_span span = keep(b, bytes, (size_t)count);
    ((filsluse_xml_node *)b->nodes.items)[b->nodes.count - 1].name.count += span.count;
}

static void document_type(void *context, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id) {
    (void)name, (void)public_id, (void)system_id;
    builder *b = context;
    size_t offset = offset_now(b);
    while (offset > 0 && (offset >= b->input_count || b->input[offset] != '<')) offset--;
    stop(b, FILSLUSE_XML_DOCTYPE, offset);
}

static void complaint(void *context, const xmlError *error) {
    builder *b = context;
    if (error->level < XML_ERR_ERROR || b->tree.outcome != FILSLUSE_XML_WELL_FORMED) return;
    stop(b, error->code == XML_ERR_NO_MEMORY ? FILSLUSE_XML_NO_MEMORY : FILSLUSE_XML_NOT_WELL_FORMED, offset_now(b));
    b->tree.code = error->code;
    const char *message = error->message ? error->message : "not well-formed";
    size_t count = strcspn(message, "\n");
    if (count >= sizeof b->tree.message) count = sizeof b->tree.message - 1;
    memcpy(b->tree.message, message, count);
}

static const uint8_t *after(const uint8_t *from, const uint8_t *end, const char *mark) {
    const uint8_t *found = memmem(from, (size_t)(end - from), mark, strlen(mark));
    return found ? found + strlen(mark) : end;
}

// libxml2 compares each attribute of a tag with all others: tags with very many are found before it sees them.
// Right for every input up to its first fault, which is as far as libxml2 reads.
static const uint8_t *crowded_tag(const uint8_t *bytes, const uint8_t *end, size_t maximum) {
    const uint8_t *at = bytes;
    while (at < end && (at = memchr(at, '<', (size_t)(end - at)))) {
        size_t left = (size_t)(end - at);
        if (left >= 4 && memcmp(at, "<!--", 4) == 0) at = after(at + 4, end, "-->");
        else if (left >= 9 && memcmp(at, "<![CDATA[", 9) == 0) at = after(at + 9, end, "]]>");
        else if (left >= 2 && at[1] == '?') at = after(at + 2, end, "?>");
        else {
            const uint8_t *tag = at++;
            uint8_t quote = 0;
            for (size_t attributes = 0; at < end && (quote || *at != '>'); at++) {
                if (quote) quote = *at == quote ? 0 : quote;
                else if (*at == '"' || *at == '\'') quote = *at;
                else if (*at == '=' && ++attributes > maximum) return tag;
            }
        }
    }
    return NULL;
}

static void set_up(void) { xmlInitParser(); }

void filsluse_xml_set_up(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, set_up);
}

static void read_document(builder *b) {
    const uint8_t *crowded = crowded_tag(b->input, b->input + b->input_count, b->limits.maximum_attributes);
    xmlSAXHandler handler = {
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = start_element,
        .endElementNs = end_element,
        .characters = characters,
        .ignorableWhitespace = characters,
        .cdataBlock = characters,
        .internalSubset = document_type,
        .serror = (xmlStructuredErrorFunc)complaint,
    };
    b->parser = xmlCreatePushParserCtxt(&handler, b, NULL, 0, NULL);
    if (!b->parser) {
        b->tree.outcome = FILSLUSE_XML_NO_MEMORY;
        return;
    }
    // NOENT: character references in attributes come as their characters. Other entities cannot be without a DTD.
    xmlCtxtUseOptions(b->parser, XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_IGNORE_ENC);
    size_t count = crowded ? (size_t)(crowded - b->input) : b->input_count;
    // The push parser, unlike the others, ends at the first fault.
    xmlParseChunk(b->parser, (const char *)b->input, (int)count, 0);
    if (crowded) stop(b, FILSLUSE_XML_TOO_MANY_ATTRIBUTES, count);
    else if (b->tree.outcome == FILSLUSE_XML_WELL_FORMED) xmlParseChunk(b->parser, NULL, 0, 1);
    if (b->tree.outcome == FILSLUSE_XML_WELL_FORMED && (!b->parser->wellFormed || b->nodes.count == 0 || b->open.count))
        stop(b, FILSLUSE_XML_NOT_WELL_FORMED, b->input_count);
    xmlFreeParserCtxt(b->parser);
    b->parser = NULL;
}

const filsluse_xml_tree *filsluse_xml_parse(const uint8_t *bytes, size_t count, filsluse_xml_limits limits) {
    filsluse_xml_set_up();
    builder *b = calloc(1, sizeof *b);
    if (!b) return NULL;
    b->limits = limits;
    b->input = bytes;
    b->input_count = count;
    b->nodes.item_size = sizeof(filsluse_xml_node);
    b->attributes.item_size = sizeof(filsluse_xml_attribute);
    b->text.item_size = 1;
    b->open.item_size = b->scope_starts.item_size = sizeof(uint32_t);
    b->scope.item_size = sizeof(scope_entry);
    read_document(b);
    int whole = b->tree.outcome == FILSLUSE_XML_WELL_FORMED;
    b->tree.nodes = whole ? b->nodes.items : NULL;
    b->tree.node_count = whole ? (uint32_t)b->nodes.count : 0;
    b->tree.attributes = b->attributes.items;
    b->tree.text = b->text.items;
    return &b->tree;
}

void filsluse_xml_free(const filsluse_xml_tree *tree) {
    if (!tree) return;
    builder *b = (builder *)tree;
    free(b->nodes.items);
    free(b->attributes.items);
    free(b->text.items);
    free(b->open.items);
    free(b->scope.items);
    free(b->scope_starts.items);
    free(b);
}
