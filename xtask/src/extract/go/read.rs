//! Go source text -> declarations. The grammar is tree-sitter's, which skips what is not Go.

use tree_sitter::{Node, Parser};

use super::{Body, Expr, Field, File, Type};

/// Reads a source file.
pub fn parse(text: &str) -> File {
    let mut parser = Parser::new();
    let tree = parser.set_language(&tree_sitter_go::LANGUAGE.into()).ok().and_then(|()| parser.parse(text, None));
    let mut file = File::default();
    if let Some(tree) = tree {
        Reader { text }.declarations(tree.root_node(), &mut file);
    }
    file
}

#[derive(Clone, Copy)]
struct Reader<'t> {
    text: &'t str,
}

impl<'t> Reader<'t> {
    fn text(self, node: Node<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    fn name(self, node: Node<'_>, field: &str) -> String {
        node.child_by_field_name(field).map(|name| self.text(name).to_owned()).unwrap_or_default()
    }

    fn declarations(self, node: Node<'_>, file: &mut File) {
        for child in children(node) {
            match child.kind() {
                "import_spec" => self.import(child, file),
                "type_spec" | "type_alias" => {
                    let ty = child.child_by_field_name("type").map_or(Type::Other, |ty| self.ty(ty));
                    file.types.insert(self.name(child, "name"), ty);
                }
                "const_spec" | "var_spec" => file.values.extend(self.values(child)),
                "function_declaration" => self.function(child, self.name(child, "name"), file),
                "method_declaration" => {
                    let receiver = child.child_by_field_name("receiver").map(|receiver| self.ty(receiver));
                    let receiver = receiver.as_ref().and_then(Type::name).unwrap_or_default();
                    self.function(child, format!("{receiver}.{}", self.name(child, "name")), file);
                }
                _ => self.declarations(child, file),
            }
        }
    }

    fn import(self, node: Node<'_>, file: &mut File) {
        let path = node.child_by_field_name("path").map(|path| self.string(path)).unwrap_or_default();
        // The last part that is not a version: `github.com/moby/moby/v2` is `moby`.
        let is_version = |p: &&str| p.starts_with('v') && p.get(1..).is_some_and(|n| n.parse::<u32>().is_ok());
        let last = path.rsplit('/').find(|p| !is_version(p)).unwrap_or(&path);
        let last = last.strip_prefix("go-").unwrap_or(last).to_owned();
        let name = node.child_by_field_name("name").map(|name| self.text(name).to_owned());
        file.imports.insert(name.unwrap_or(last), path);
    }

    /// The names of a declaration or an assignment with their values.
    fn values(self, node: Node<'_>) -> Vec<(String, Expr)> {
        let names: Vec<Node<'_>> = match node.child_by_field_name("left") {
            Some(left) => children(left),
            None => node.children_by_field_name("name", &mut node.walk()).filter(Node::is_named).collect(),
        };
        let values = node.child_by_field_name("value").or_else(|| node.child_by_field_name("right"));
        let values = values.map(children).unwrap_or_default();
        let pairs = names.iter().zip(values).filter(|(name, _)| name.kind() == "identifier");
        pairs.map(|(name, value)| (self.text(*name).to_owned(), self.expr(value))).collect()
    }

    fn function(self, node: Node<'_>, name: String, file: &mut File) {
        if let Some(result) = node.child_by_field_name("result") {
            file.results.insert(name.clone(), self.ty(result));
        }
        if let Some(block) = node.child_by_field_name("body") {
            let mut body = Body::default();
            self.body(block, &mut body);
            file.functions.insert(name, body);
        }
    }

    fn body(self, node: Node<'_>, body: &mut Body) {
        match node.kind() {
            "return_statement" => {
                let first = children(node).first().and_then(|list| list.named_child(0));
                body.returned.push(first.map_or(Expr::Other, |first| self.expr(first)));
            }
            "short_var_declaration" | "assignment_statement" | "var_spec" => body.assigned.extend(self.values(node)),
            "call_expression" | "composite_literal" => body.expressions.push(self.expr(node)),
            "expression_switch_statement" => {
                let subject = node.child_by_field_name("value").map(|value| self.text(value).to_owned());
                let cases = children(node).into_iter().filter_map(|case| case.child_by_field_name("value"));
                let labels = cases.filter(|list| list.kind() == "expression_list").flat_map(children);
                body.switches.push((subject.unwrap_or_default(), labels.map(|label| self.expr(label)).collect()));
            }
            "index_expression" => body.indexed.push(self.name(node, "operand")),
            _ => {}
        }
        for child in children(node) {
            self.body(child, body);
        }
    }

    /// A type, wherever one stands; the first of several results or parameters.
    fn ty(self, node: Node<'_>) -> Type {
        let inner = |field: &str| Box::new(node.child_by_field_name(field).map_or(Type::Other, |ty| self.ty(ty)));
        match node.kind() {
            "type_identifier" | "identifier" => Type::Named(None, self.text(node).to_owned()),
            "qualified_type" => Type::Named(Some(self.name(node, "package")), self.name(node, "name")),
            "generic_type" | "parameter_declaration" => *inner("type"),
            "parameter_list" => node.named_child(0).map_or(Type::Other, |first| self.ty(first)),
            "pointer_type" => Type::Pointer(Box::new(node.named_child(0).map_or(Type::Other, |ty| self.ty(ty)))),
            "slice_type" | "array_type" | "implicit_length_array_type" => Type::List(inner("element")),
            "map_type" => Type::Map(inner("key"), inner("value")),
            "struct_type" => Type::Struct(node.named_child(0).map(|list| self.fields(list)).unwrap_or_default()),
            _ => Type::Other,
        }
    }

    fn fields(self, list: Node<'_>) -> Vec<Field> {
        let mut fields = vec![];
        let mut doc: Vec<&str> = vec![];
        let mut last_line = list.start_position().row;
        for node in children_with_comments(list) {
            if node.kind() == "comment" {
                // A comment behind a field belongs to that field.
                if node.start_position().row > last_line
                    && let Some(line) = self.text(node).strip_prefix("//")
                {
                    doc.push(line.trim_start_matches('/').trim());
                }
                continue;
            }
            last_line = node.end_position().row;
            let doc = std::mem::take(&mut doc).join(" ");
            let ty = node.child_by_field_name("type").map_or(Type::Other, |ty| self.ty(ty));
            let tag = node.child_by_field_name("tag").map(|tag| self.string(tag)).unwrap_or_default();
            let mut names: Vec<_> = node
                .children_by_field_name("name", &mut node.walk())
                .filter(Node::is_named)
                .map(|name| self.text(name).to_owned())
                .collect();
            // An embedded type has no name.
            if names.is_empty() {
                names.push(String::new());
            }
            let field = |name| Field { name, ty: ty.clone(), tag: tag.clone(), doc: doc.clone() };
            fields.extend(names.into_iter().map(field));
        }
        fields
    }

    fn expr(self, node: Node<'_>) -> Expr {
        let inner = |field: &str| Box::new(node.child_by_field_name(field).map_or(Expr::Other, |e| self.expr(e)));
        match node.kind() {
            "interpreted_string_literal" | "raw_string_literal" => Expr::Text(self.string(node)),
            "int_literal" | "float_literal" => Expr::Number(self.text(node).replace('_', "")),
            "rune_literal" => Expr::Number("0".into()),
            "identifier" | "true" | "false" | "nil" | "iota" => Expr::Name(None, self.text(node).to_owned()),
            "selector_expression" => match *inner("operand") {
                Expr::Name(None, package) => Expr::Name(Some(package), self.name(node, "field")),
                _ => Expr::Other,
            },
            "call_expression" => self.call(node),
            "composite_literal" => {
                let ty = node.child_by_field_name("type").map(|ty| self.ty(ty));
                let elements = node.child_by_field_name("body").map(|body| self.elements(body));
                Expr::Composite(ty, elements.unwrap_or_default())
            }
            "literal_value" => Expr::Composite(None, self.elements(node)),
            "unary_expression" => match self.name(node, "operator").as_str() {
                "&" => Expr::Address(inner("operand")),
                "-" => Expr::Binary("-".into(), Box::new(Expr::Number("0".into())), inner("operand")),
                _ => Expr::Other,
            },
            "binary_expression" => Expr::Binary(self.name(node, "operator"), inner("left"), inner("right")),
            "type_conversion_expression" => *inner("operand"),
            "parenthesized_expression" | "literal_element" | "expression_list" => {
                node.named_child(0).map_or(Expr::Other, |first| self.expr(first))
            }
            _ => Expr::Other,
        }
    }

    /// A call; that of a method on a value has the value among the arguments.
    fn call(self, node: Node<'_>) -> Expr {
        let arguments = node.child_by_field_name("arguments").map(children).unwrap_or_default();
        let mut arguments: Vec<Expr> = arguments.into_iter().map(|argument| self.expr(argument)).collect();
        let Some(function) = node.child_by_field_name("function") else { return Expr::Other };
        let name = match (self.expr(function), function.child_by_field_name("operand")) {
            (Expr::Other, Some(receiver)) if function.kind() == "selector_expression" => {
                arguments.insert(0, self.expr(receiver));
                Expr::Name(None, format!(".{}", self.name(function, "field")))
            }
            (name, _) => name,
        };
        Expr::Call(Box::new(name), arguments)
    }

    fn elements(self, body: Node<'_>) -> Vec<(Option<Expr>, Expr)> {
        let element = |node: Node<'_>| {
            let side = |field: &str| node.child_by_field_name(field).map(|side| self.expr(side));
            match node.kind() {
                "keyed_element" => (side("key"), side("value").unwrap_or(Expr::Other)),
                _ => (None, self.expr(node)),
            }
        };
        children(body).into_iter().map(element).collect()
    }

    /// A string without its quotes and escapes.
    fn string(self, node: Node<'_>) -> String {
        let text = self.text(node);
        let inner = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
        if node.kind() == "raw_string_literal" || !inner.contains('\\') {
            return inner.to_owned();
        }
        let mut out = String::new();
        let mut chars = inner.chars();
        while let Some(c) = chars.next() {
            out.extend(match c {
                '\\' => chars.next().map(|escaped| match escaped {
                    'n' => '\n',
                    't' => '\t',
                    other => other,
                }),
                c => Some(c),
            });
        }
        out
    }
}

/// The parts of a node that have a meaning.
fn children(node: Node<'_>) -> Vec<Node<'_>> {
    children_with_comments(node).into_iter().filter(|child| child.kind() != "comment").collect()
}

fn children_with_comments(node: Node<'_>) -> Vec<Node<'_>> {
    node.named_children(&mut node.walk()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_have_tags_and_the_comments_above() {
        let file = parse(
            "package a\n\ntype A struct {\n\tB\n\t// first\n\t// and second\n\tC, D int `json:\"c\"` // behind\n\tE []*b.F // more\n}\n",
        );
        let field = |name: &str, ty: Type, tag: &str, doc: &str| Field {
            name: name.into(),
            ty,
            tag: tag.into(),
            doc: doc.into(),
        };
        let int = || Type::Named(None, "int".into());
        let list = Type::List(Box::new(Type::Pointer(Box::new(Type::Named(Some("b".into()), "F".into())))));
        let wanted = vec![
            field("", Type::Named(None, "B".into()), "", ""),
            field("C", int(), "json:\"c\"", "first and second"),
            field("D", int(), "json:\"c\"", "first and second"),
            field("E", list, "", ""),
        ];
        assert_eq!(file.types["A"], Type::Struct(wanted));
    }

    #[test]
    fn values_are_read() {
        let file = parse("package a\n\nvar (\n\ta, b = \"x\\\"y\", 1_000\n\tc = -2 << 10\n\td = x.New(1).With(y)\n)\n");
        assert_eq!(file.values["a"], Expr::Text("x\"y".into()));
        assert_eq!(file.values["b"], Expr::Number("1000".into()));
        let number = |text: &str| Box::new(Expr::Number(text.into()));
        let minus = Expr::Binary("-".into(), number("0"), number("2"));
        assert_eq!(file.values["c"], Expr::Binary("<<".into(), Box::new(minus), number("10")));
        let new = Expr::Call(Box::new(Expr::Name(Some("x".into()), "New".into())), vec![*number("1")]);
        let with = Expr::Call(Box::new(Expr::Name(None, ".With".into())), vec![new, Expr::Name(None, "y".into())]);
        assert_eq!(file.values["d"], with);
    }
}
