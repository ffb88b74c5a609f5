using MiniPlane.Agent.Images;

namespace MiniPlane.Agent.Tests.Images;

public sealed class ImageReferenceTests
{
    private const string Hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("nginx", "docker.io/library/nginx:latest")]
    [InlineData("nginx:1.27", "docker.io/library/nginx:1.27")]
    [InlineData("bitnami/redis", "docker.io/bitnami/redis:latest")]
    [InlineData("docker.io/nginx", "docker.io/library/nginx:latest")]
    [InlineData("index.docker.io/a/b:c", "docker.io/a/b:c")]
    [InlineData("docker://ghcr.io/a/b/c:v1.2", "ghcr.io/a/b/c:v1.2")]
    [InlineData("localhost/a", "localhost/a:latest")]
    [InlineData("127.0.0.1:5000/mp/busybox:1", "127.0.0.1:5000/mp/busybox:1")]
    [InlineData("registry:5000/a@sha256:" + Hex, "registry:5000/a@sha256:" + Hex)]
    [InlineData("quay.io/a/b:tag@sha256:" + Hex, "quay.io/a/b@sha256:" + Hex)]
    public void Defaults_are_filled_in_as_container_runtimes_do(string image, string full) =>
        Assert.Equal(full, ImageReference.TryParse(image)?.FullName);

    [Theory]
    [InlineData("")]
    [InlineData("UPPER")]
    [InlineData("a/b:")]
    [InlineData("a b")]
    [InlineData("a@sha256:123")]
    [InlineData("https://a/b")]
    [InlineData("file:relative.sif")]
    public void What_is_not_a_reference_is_refused(string image) => Assert.Null(ImageReference.TryParse(image));

    [Theory]
    [InlineData("/sw/images/x.sif", "/sw/images/x.sif")]
    [InlineData("file:///sw/x.sif", "/sw/x.sif")]
    [InlineData("file:/sw/x.sif", "/sw/x.sif")]
    public void Files_are_named_by_path(string image, string path)
    {
        var reference = ImageReference.TryParse(image);

        Assert.Equal((ImageTransport.File, path), (reference!.Transport, reference.Path));
    }
}
