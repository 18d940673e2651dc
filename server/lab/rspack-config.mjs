// How rspack builds the page and the themes. The rules for SVG, raw CSS and Node's modules are those that JupyterLab's own build
// has. https://github.com/jupyterlab/jupyterlab/blob/v4.6.4/builder/src/webpack.config.base.ts
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { rspack } from "@rspack/core";
import svgToDataUri from "mini-svg-data-uri";

const require = createRequire(import.meta.url);
const svgInCss = {
  type: "asset",
  generator: {
    dataUrl: { content: (content) => svgToDataUri((content.content ?? content).toString()), mimetype: "image/svg+xml" },
  },
};
const loader = (file) => fileURLToPath(new URL(file, import.meta.url));
const binaries = /\.(jpe?g|png|gif|cur|woff2?|ttf|eot)(\?v=[\d.]+)?$/;

export function pageConfig({ entry, folder }) {
  return {
    name: "page",
    mode: "production",
    devtool: false,
    target: ["web", "es2022"],
    entry: { main: entry },
    output: {
      path: folder,
      filename: "[name].[contenthash:16].js",
      chunkFilename: "[name].[contenthash:16].js",
      assetModuleFilename: "assets/[hash:16][ext]",
      hashFunction: "xxhash64",
    },
    resolve: {
      extensions: [".js", ".mjs", ".json", ".ts"],
      fallback: {
        url: false,
        buffer: false,
        crypto: false,
        util: false,
        fs: false,
        path: require.resolve("path-browserify"),
        process: require.resolve("process/browser"),
      },
    },
    externals: ["ws"], // services' own choice in Node
    module: {
      rules: [
        {
          test: /\.ts$/,
          loader: "builtin:swc-loader",
          options: { jsc: { parser: { syntax: "typescript" }, target: "es2022" } },
        },
        {
          test: /(?<!\.raw)\.css$/,
          use: [require.resolve("style-loader"), require.resolve("css-loader")],
          type: "javascript/auto",
        },
        { test: /\.raw\.css$/, type: "asset/source" },
        { test: /\.(txt|md)$/, type: "asset/source" },
        { test: binaries, type: "asset/resource" },
        { test: /\.svg(\?v=[\d.]+)?$/, issuer: /\.css$/, ...svgInCss },
        { test: /\.svg(\?v=[\d.]+)?$/, issuer: /\.js$/, type: "asset/source" },
        { test: /[\\/]@codemirror[\\/]view[\\/]dist[\\/]index\.js$/, loader: loader("codemirror-scroll.mjs") },
        {
          test: /[\\/]@jupyterlab[\\/]settingregistry[\\/]lib[\\/]settingregistry\.js$/,
          loader: loader("settings-validator.mjs"),
        },
        { test: /\.m?js$/, type: "javascript/auto", resolve: { fullySpecified: false } },
      ],
    },
    optimization: {
      splitChunks: {
        chunks: "all",
        cacheGroups: { lab: { test: /[\\/]node_modules[\\/]@(jupyterlab|lumino(?!\/datagrid))[\\/]/, name: "lab" } },
      },
    },
    performance: false,
    ignoreWarnings: [() => true], // of packages, not ours: tsc checks ours
    plugins: [new rspack.ProvidePlugin({ process: require.resolve("process/browser") })],
  };
}

/** One style sheet and what it shows; the script beside it is what rspack needs and nobody loads. */
export function themeConfig({ name, entry, folder }) {
  return {
    name,
    mode: "production",
    devtool: false,
    entry: { index: entry },
    output: { path: folder, filename: "[name].js", assetModuleFilename: "[hash:16][ext]", hashFunction: "xxhash64" },
    module: {
      rules: [
        {
          test: /\.css$/,
          use: [rspack.CssExtractRspackPlugin.loader, require.resolve("css-loader")],
          type: "javascript/auto",
        },
        { test: /\.svg/, ...svgInCss, type: "asset/inline" },
        { test: binaries, type: "asset" },
      ],
    },
    performance: false,
    plugins: [new rspack.CssExtractRspackPlugin()],
  };
}
