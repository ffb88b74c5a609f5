using System.Text;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Objects.Tests.Documents;

public sealed class DraftDocumentTests
{
    private const string Pod =
        """{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a","labels":{"b":"ü"},"managedFields":[{"manager":"m","fieldsV1":{"f:spec":{}}}]},"spec":{"containers":[{"name":"c"}]},"status":{}}""";

    [Fact]
    public void Other_metadata_leave_the_rest_as_it_is_stored()
    {
        ObjectDocument stored = DraftDocument.From(Parse(Pod)).Stamp(7);
        JsonObject metadata = stored.MetadataToJson();
        metadata["deletionGracePeriodSeconds"] = 30;
        JsonObject whole = stored.ToJson();
        whole["metadata"]!["deletionGracePeriodSeconds"] = 30;

        ObjectDocument marked = DraftDocument.From(stored, metadata).Stamp(8);

        Assert.Equal(Text(DraftDocument.From(whole).Stamp(8)), Text(marked));
        Assert.Equal(8, marked.Revision);
        Assert.Contains("\"resourceVersion\":\"8\"", Text(marked), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Pod)]
    [InlineData("""{"kind":"List","apiVersion":"v1","metadata":{}}""")]
    public void A_document_is_drafted_anew_as_it_is(string json) => Assert.Equal(
        Text(DraftDocument.From(Parse(json)).Stamp(12)),
        Text(DraftDocument.From(DraftDocument.From(Parse(json)).Stamp(3)).Stamp(12)));

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    private static string Text(ObjectDocument document) => Encoding.UTF8.GetString(document.Utf8.Span);
}
