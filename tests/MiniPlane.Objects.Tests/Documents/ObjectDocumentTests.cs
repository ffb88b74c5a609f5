using System.Text.Json.Serialization;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Objects.Tests.Documents;

public sealed partial class ObjectDocumentTests
{
    [Fact]
    public void A_view_is_made_once_for_each_of_two_types()
    {
        ObjectDocument document = Document(1);
        Assert.Null(document.Viewed<KindView>());
        KindView first = document.As(Views.Default.KindView);
        VersionView second = document.As(Views.Default.VersionView);
        Assert.Equal("Pod", first.Kind);
        Assert.Equal("v1", second.ApiVersion);
        Assert.Same(first, document.As(Views.Default.KindView));
        Assert.Same(second, document.As(Views.Default.VersionView));
        Assert.Same(first, document.Viewed<KindView>());
        Assert.Same(second, document.Viewed<VersionView>());
    }

    [Fact]
    public void Views_of_documents_that_nobody_looks_at_any_more_are_given_back()
    {
        ObjectDocument document = Document(1);
        KindView view = document.As(Views.Default.KindView);
        foreach (int revision in Enumerable.Range(2, 5000))
        {
            Document(revision).As(Views.Default.KindView);
        }

        KindView again = document.As(Views.Default.KindView);
        Assert.NotSame(view, again);
        Assert.Equal(view, again);
    }

    [Fact]
    public void A_text_of_spec_or_status_is_read_without_a_view()
    {
        var document = new ObjectDocument(
            """{"kind":"Pod","metadata":{"name":"a"},"spec":{"x":{"nodeName":"no"},"nodeName":"n\u00e4","hostNetwork":true},"status":"odd"}"""u8.ToArray(), 1);
        Assert.Equal("n\u00e4", document.Text("spec"u8, "nodeName"u8));
        Assert.Null(document.Text("spec"u8, "hostNetwork"u8));
        Assert.Null(document.Text("spec"u8, "schedulerName"u8));
        Assert.Null(document.Text("status"u8, "phase"u8));
        Assert.Null(document.Text("other"u8, "phase"u8));
    }

    [Fact]
    public void A_document_mentions_a_property_but_not_its_ownership()
    {
        var document = new ObjectDocument("""{"metadata":{"managedFields":[{"fieldsV1":{"f:podIP":{}}}]},"hostIP":"10.0.0.1"}"""u8.ToArray(), 1);
        Assert.True(document.Mentions("\"hostIP"u8));
        Assert.False(document.Mentions("\"podIP"u8));
    }

    private static ObjectDocument Document(int revision) => new("""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}"""u8.ToArray(), revision);

    internal sealed record KindView(string Kind);

    internal sealed record VersionView(string ApiVersion);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(KindView))]
    [JsonSerializable(typeof(VersionView))]
    private sealed partial class Views : JsonSerializerContext;
}
