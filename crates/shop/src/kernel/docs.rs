//! What every operation of the OpenAPI document shares and no handler repeats: the security scheme,
//! the problem answers and the headers that every call takes.

use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{OpenApi, Paths, Ref, RefOr, Required, Response, ResponseBuilder};
use utoipa::{IntoParams, PartialSchema, ToSchema};

use super::export::FileFormat;
use super::paging::PageParams;
use super::problem::{FieldError, ProblemBody};

/// Statuses that any operation may answer with a problem document.
const PROBLEMS: [(&str, &str); 14] = [
    ("400", "Malformed request"),
    ("401", "No valid key or session"),
    ("403", "No right to do this"),
    ("404", "Not found"),
    ("405", "Another method is served here"),
    ("409", "In conflict with what is stored, or refused by the stock policy"),
    ("412", "The version is not the current one"),
    ("413", "Too large"),
    ("415", "Another media type is expected"),
    ("422", "Some values need correcting"),
    ("428", "If-Match is missing"),
    ("429", "The budget of requests is spent; Retry-After says when it begins anew"),
    ("500", "Our failure"),
    ("503", "Not available right now"),
];

/// Completes the document.
pub fn complete(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("key", crate::api_key_scheme());
    components.schemas.insert("Problem".to_owned(), ProblemBody::schema());
    components.schemas.insert("FieldError".to_owned(), FieldError::schema());
    let mut referenced = Vec::new();
    ProblemBody::schemas(&mut referenced);
    components.schemas.extend(referenced);
    for item in document.paths.paths.values_mut() {
        for operation in [&mut item.get, &mut item.patch, &mut item.put, &mut item.delete].into_iter().flatten() {
            share(operation);
        }
        if let Some(operation) = &mut item.post {
            share(operation);
            let key = ParameterBuilder::new()
                .name("Idempotency-Key")
                .parameter_in(ParameterIn::Header)
                .required(Required::False)
                .description(Some("The same key and body answer the same; nothing happens twice."))
                .schema(Some(ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[!-~]{1,200}$"))))
                .build();
            operation.parameters.get_or_insert_default().push(key.into());
        }
    }
}

/// What every list takes besides its filters, and the files that it answers.
pub fn add_list_parameters(paths: &mut Paths, paged: bool) {
    for operation in paths.paths.values_mut().filter_map(|item| item.get.as_mut()) {
        let parameters = operation.parameters.get_or_insert_default();
        let query = || Some(ParameterIn::Query);
        let page = if paged { PageParams::into_params(query) } else { Vec::new() };
        parameters.extend(page.into_iter().chain(FileParams::into_params(query)).map(Into::into));
        let Some(RefOr::T(answer)) = operation.responses.responses.get_mut("200") else { continue };
        for format in [FileFormat::default(), FileFormat::Xlsx] {
            let bytes = ObjectBuilder::new().schema_type(Type::String).build();
            let content = ContentBuilder::new().schema(Some(bytes)).build();
            answer.content.insert(format.media_type().to_owned(), RefOr::T(content));
        }
    }
}

/// The parameters about files, for the document; `FileFormat` reads them.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only the document has it")]
struct FileParams {
    /// `csv` or `xlsx` answers the whole list as a file instead of a page; needs the right to export.
    #[param(value_type = Option<FormatCode>, inline, nullable = false)]
    format: Option<String>,
    /// How a CSV is written: as Argentine Excel opens it, or as programs expect.
    #[param(value_type = Option<DialectCode>, inline, nullable = false)]
    dialect: Option<String>,
}

/// What a list is answered as.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "only the document has it")]
enum FormatCode {
    /// A page of it.
    Json,
    /// The whole, separated by semicolons or commas.
    Csv,
    /// The whole, as a workbook.
    Xlsx,
}

/// How a CSV is written.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "only the document has it")]
enum DialectCode {
    /// `;`, a byte order mark, decimal comma, the day first.
    Excel,
    /// `,`, no mark, decimal point, ISO dates.
    Plain,
}

fn share(operation: &mut Operation) {
    operation.security = Some(vec![SecurityRequirement::new::<_, [&str; 0], &str>("key", [])]);
    for (status, text) in PROBLEMS {
        operation.responses.responses.entry(status.to_owned()).or_insert_with(|| RefOr::T(problem(text)));
    }
}

fn problem(text: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(RefOr::Ref(Ref::from_schema_name("Problem")))).build();
    ResponseBuilder::new().description(text).content("application/problem+json", content).build()
}
